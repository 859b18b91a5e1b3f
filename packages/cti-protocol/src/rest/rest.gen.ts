// Generated from docs/openapi.json by scripts/openapi.ts. Do not edit.
export interface paths {
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Is the process alive? */
        readonly get: operations["health"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Metrics in the text format of Prometheus */
        readonly get: operations["metrics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This document */
        readonly get: operations["openapi"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Does it take calls? 503 until every switch is synced, while a link to one is down, while it drains, and when it has failed */
        readonly get: operations["ready"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/agents": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Agents and what they do */
        readonly get: operations["listAgents"];
        readonly put?: never;
        /** Adds an agent */
        readonly post: operations["createAgent"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/agents/{agentId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One agent */
        readonly get: operations["getAgent"];
        readonly put?: never;
        readonly post?: never;
        /** Takes an agent away */
        readonly delete: operations["deleteAgent"];
        readonly options?: never;
        readonly head?: never;
        /** Changes an agent */
        readonly patch: operations["changeAgent"];
        readonly trace?: never;
    };
    readonly "/v1/agents/{agentId}/speed-dial/{code}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /** Puts a number under a code of an agent's list */
        readonly put: operations["putAgentSpeedDial"];
        readonly post?: never;
        /** Takes a code out of an agent's list */
        readonly delete: operations["deleteAgentSpeedDial"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/agents/{agentId}/stays": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** An agent's states over time, newest first */
        readonly get: operations["listStays"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/callbacks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Callers who want to be called back, newest first */
        readonly get: operations["listCallbacks"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/callbacks/{callId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Marks a wish to be called back as done, or as open again */
        readonly patch: operations["markCallback"];
        readonly trace?: never;
    };
    readonly "/v1/calls": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Calls that live now */
        readonly get: operations["listCalls"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/calls/{callId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A call that lives now; ids of merged calls lead to the one they became part of */
        readonly get: operations["getCall"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/cdrs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Call records, newest first; agents see those of the calls that they had or dialled, or missed (`missedBy`) */
        readonly get: operations["listCdrs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/cdrs/{callId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The record of one call */
        readonly get: operations["getCdr"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/cdrs/{callId}/note": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What was written on a call, while it goes on or afterwards; agents at their own */
        readonly get: operations["getCallNote"];
        /** Writes a note, a ticket or a category on a call, while it goes on or afterwards; agents at their own */
        readonly put: operations["putCallNote"];
        readonly post?: never;
        /** Takes the note of a call away */
        readonly delete: operations["deleteCallNote"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/devices": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Devices that are configured or that a switch tells of, and what they do */
        readonly get: operations["listDevices"];
        readonly put?: never;
        /** Adds a device */
        readonly post: operations["createDevice"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/devices/{deviceId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One device */
        readonly get: operations["getDevice"];
        readonly put?: never;
        readonly post?: never;
        /** Takes a device away */
        readonly delete: operations["deleteDevice"];
        readonly options?: never;
        readonly head?: never;
        /** Changes a device */
        readonly patch: operations["changeDevice"];
        readonly trace?: never;
    };
    readonly "/v1/directory": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Agents, queues and devices that a call can be sent to */
        readonly get: operations["directory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/flows": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Flows */
        readonly get: operations["listFlows"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/flows/{flowId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One flow as JSON */
        readonly get: operations["getFlow"];
        /** Adds or replaces a flow; calls under way finish on the version that they began with */
        readonly put: operations["putFlow"];
        readonly post?: never;
        /** Takes a flow away; refused while a route or another flow names it */
        readonly delete: operations["deleteFlow"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/journal": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Facts about the journal */
        readonly get: operations["journal"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who the token says you are, and what you may */
        readonly get: operations["me"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/me/speed-dial": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The codes that you can dial: your own, and those of the site that they do not hide */
        readonly get: operations["listOwnSpeedDial"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/me/speed-dial/{code}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /** Puts a number under a code of your own list */
        readonly put: operations["putOwnSpeedDial"];
        readonly post?: never;
        /** Takes a code out of your own list */
        readonly delete: operations["deleteOwnSpeedDial"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/messages": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Messages that callers have left, newest first */
        readonly get: operations["listMessages"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/messages/{recordingId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One message */
        readonly get: operations["getMessage"];
        readonly put?: never;
        readonly post?: never;
        /** Takes a message out of its box and removes its recording for good */
        readonly delete: operations["deleteMessage"];
        readonly options?: never;
        readonly head?: never;
        /** Marks a message as new, heard or handled */
        readonly patch: operations["markMessage"];
        readonly trace?: never;
    };
    readonly "/v1/messages/{recordingId}/files/{index}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The sound of a message; range requests are answered */
        readonly get: operations["getMessageFile"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/modes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Switches of flows that are set by hand, such as day and night, and what holds now */
        readonly get: operations["listModes"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/modes/{mode}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /** Sets one of them; it holds until somebody sets another value, also over restarts */
        readonly put: operations["setMode"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/queues": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Queues and who waits */
        readonly get: operations["listQueues"];
        readonly put?: never;
        /** Adds a queue */
        readonly post: operations["createQueue"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/queues/{queueId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One queue */
        readonly get: operations["getQueue"];
        readonly put?: never;
        readonly post?: never;
        /** Takes a queue away */
        readonly delete: operations["deleteQueue"];
        readonly options?: never;
        readonly head?: never;
        /** Changes a queue */
        readonly patch: operations["changeQueue"];
        readonly trace?: never;
    };
    readonly "/v1/recordings": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Recordings, newest first */
        readonly get: operations["listRecordings"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/recordings/{recordingId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One recording */
        readonly get: operations["getRecording"];
        readonly put?: never;
        readonly post?: never;
        /** Removes a recording and its files for good */
        readonly delete: operations["deleteRecording"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/recordings/{recordingId}/files/{index}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A file of a recording; range requests are answered */
        readonly get: operations["getRecordingFile"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/references/resolve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Turns references of masked numbers back into numbers, for programs */
        readonly post: operations["resolveReferences"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/routes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Inbound routes, in the order in which they are tried */
        readonly get: operations["listRoutes"];
        readonly put?: never;
        /** Adds a route */
        readonly post: operations["createRoute"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/routes/{routeId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One route */
        readonly get: operations["getRoute"];
        readonly put?: never;
        readonly post?: never;
        /** Takes a route away */
        readonly delete: operations["deleteRoute"];
        readonly options?: never;
        readonly head?: never;
        /** Changes a route */
        readonly patch: operations["changeRoute"];
        readonly trace?: never;
    };
    readonly "/v1/routes/{routeId}/enable": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Lets calls in by a route */
        readonly post: operations["enableRoute"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/routes/{routeId}/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Lets no call in by a route */
        readonly post: operations["pauseRoute"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/scores": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Answers of surveys, newest first */
        readonly get: operations["listScores"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/scores/summary": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Answers of surveys by survey, agent, queue or day: how many, their average, how often each */
        readonly get: operations["summariseScores"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/speed-dial": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The site's speed dial list and those of its agents */
        readonly get: operations["listSpeedDial"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/speed-dial/{code}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /** Puts a number under a code of the site's list */
        readonly put: operations["putSpeedDial"];
        readonly post?: never;
        /** Takes a code out of the site's list */
        readonly delete: operations["deleteSpeedDial"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Switches, whether they can be reached, and what can be done with each apart from calls */
        readonly get: operations["listSwitches"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches/{switchId}/call-records": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The switch's own call records (SMDR), oldest first */
        readonly get: operations["listCallRecords"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches/{switchId}/call-records/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The switch's own call records as CSV */
        readonly get: operations["exportCallRecords"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches/{switchId}/clock": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The switch's own clock, and how far it has gone from the server's */
        readonly get: operations["getSwitchClock"];
        /** Sets the switch's clock to the server's time in the site's zone, and reads it back */
        readonly put: operations["setSwitchClock"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches/{switchId}/devices": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Every telephone, line and park slot that the switch tells of, configured or not, and what it does */
        readonly get: operations["listSwitchDevices"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches/{switchId}/parameters": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Parameters that the switch has, with their types, ranges and help */
        readonly get: operations["listParameters"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches/{switchId}/parameters/read": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Reads parameters from the switch, each with its own outcome */
        readonly post: operations["readParameters"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches/{switchId}/parameters/write": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Writes parameters and reads each back; one that is refused stops nothing. With `dryRun` only says what would happen */
        readonly post: operations["writeParameters"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/switches/{switchId}/rooms": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** What the switch has told of its rooms: lamps, do not disturb, housekeeping, wake-up calls */
        readonly get: operations["listRooms"];
        readonly put?: never;
        /** Checks a guest in or out, sets a wake-up call, the message lamp, do not disturb, the class of service of a room */
        readonly post: operations["commandRoom"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/tokens": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Makes a token, for programs that sign their own users in */
        readonly post: operations["makeToken"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/voice": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Sounds of the voice library with all their versions, newest first */
        readonly get: operations["listVoice"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/voice-boxes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Voice boxes that have messages, and how many of each state */
        readonly get: operations["listVoiceBoxes"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/voice/{language}/{name}/versions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Brings a new version of a sound, as a draft: WAV or raw µ-law, kept as 16-bit PCM of 8 kHz */
        readonly post: operations["uploadVoice"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/voice/{language}/{name}/versions/{version}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One version of a sound */
        readonly get: operations["getVoice"];
        readonly put?: never;
        readonly post?: never;
        /** Removes a version; refused while it is approved */
        readonly delete: operations["deleteVoice"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/voice/{language}/{name}/versions/{version}/approve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Lets callers hear a version from now on; the one before is replaced */
        readonly post: operations["approveVoice"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/voice/{language}/{name}/versions/{version}/file": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Its sound; range requests are answered */
        readonly get: operations["getVoiceFile"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/voice/{language}/{name}/versions/{version}/withdraw": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Makes a version a draft again: callers no longer hear it */
        readonly post: operations["withdrawVoice"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Agent: {
            /** @description milliseconds on the server's monotone clock */
            readonly afterCallWorkUntilMs?: number;
            /** @description the id of an agent */
            readonly agentId: string;
            readonly calls: readonly string[];
            /** @constant */
            readonly doNotDisturb?: "on";
            readonly name: string;
            readonly next?: {
                readonly readyFor?: readonly ("inbound" | "dialled" | "callBack")[];
                readonly reason?: string;
                /** @enum {string} */
                readonly state: "ready" | "notReady" | "loggedOff";
            };
            readonly queues: readonly string[];
            readonly readyFor?: readonly ("inbound" | "dialled" | "callBack")[];
            readonly reason?: string;
            readonly reservation?: {
                /** @description the id of a call */
                readonly callId: string;
                /** @description the id of a queue */
                readonly queueId: string;
                /** @description the id of a reservation */
                readonly reservationId: string;
            };
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly seat?: string;
            /** @enum {string} */
            readonly seatPresence?: "idle" | "alerting" | "busy" | "held" | "doNotDisturb" | "unreachable" | "unknown";
            readonly services?: readonly ("unpark" | "pickUp" | "page" | "redial")[];
            /** @description milliseconds on the server's monotone clock */
            readonly sinceMs: number;
            /** @description epoch milliseconds */
            readonly sinceWallMs: number;
            /** @enum {string} */
            readonly state: "loggedOff" | "notReady" | "ready" | "reserved" | "busy" | "workingAfterCall";
        };
        readonly AgentChange: {
            readonly allowedSeats?: readonly string[] | null;
            /** @enum {string} */
            readonly answer?: "manual" | "auto";
            /** @enum {string} */
            readonly mayDial?: "any" | "internal" | "none";
            readonly name?: string;
            /** @enum {string} */
            readonly numbers?: "clear" | "masked";
            readonly queues?: readonly string[];
            /** @enum {string} */
            readonly record?: "always" | "never" | "byQueue";
            readonly release?: ("manual" | "auto") | null;
            readonly ring?: ("audible" | "silent") | null;
            readonly seat?: string | null;
        };
        readonly AgentConfig: {
            readonly allowedSeats?: readonly string[];
            /**
             * @default manual
             * @enum {string}
             */
            readonly answer: "manual" | "auto";
            /** @description the id of an agent */
            readonly id: string;
            /**
             * @default any
             * @enum {string}
             */
            readonly mayDial: "any" | "internal" | "none";
            readonly name: string;
            /**
             * @default clear
             * @enum {string}
             */
            readonly numbers: "clear" | "masked";
            /** @default [] */
            readonly queues: readonly string[];
            /**
             * @default byQueue
             * @enum {string}
             */
            readonly record: "always" | "never" | "byQueue";
            /** @enum {string} */
            readonly release?: "manual" | "auto";
            /** @enum {string} */
            readonly ring?: "audible" | "silent";
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly seat?: string;
        };
        readonly AgentResource: {
            readonly allowedSeats?: readonly string[];
            /**
             * @default manual
             * @enum {string}
             */
            readonly answer: "manual" | "auto";
            /** @description the id of an agent */
            readonly id: string;
            readonly live?: components["schemas"]["Agent"];
            /**
             * @default any
             * @enum {string}
             */
            readonly mayDial: "any" | "internal" | "none";
            readonly name: string;
            /**
             * @default clear
             * @enum {string}
             */
            readonly numbers: "clear" | "masked";
            /** @default [] */
            readonly queues: readonly string[];
            /**
             * @default byQueue
             * @enum {string}
             */
            readonly record: "always" | "never" | "byQueue";
            /** @enum {string} */
            readonly release?: "manual" | "auto";
            /** @enum {string} */
            readonly ring?: "audible" | "silent";
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly seat?: string;
        };
        readonly AgentStay: {
            /** @description the id of an agent */
            readonly agentId: string;
            /** @description milliseconds on the server's monotone clock */
            readonly fromMs: number;
            /** @description epoch milliseconds */
            readonly fromWallMs: number;
            readonly n: number;
            readonly readyFor?: readonly ("inbound" | "dialled" | "callBack")[];
            readonly reason?: string;
            /** @enum {string} */
            readonly state: "loggedOff" | "notReady" | "ready" | "reserved" | "busy" | "workingAfterCall";
            /** @description milliseconds on the server's monotone clock */
            readonly toMs: number;
        };
        readonly Call: {
            readonly aliases: readonly string[];
            readonly called: components["schemas"]["PhoneNumber"];
            /** @description the id of a call */
            readonly callId: string;
            readonly calling: components["schemas"]["PhoneNumber"];
            readonly connections: readonly components["schemas"]["Connection"][];
            /** @description the id of a call */
            readonly consultOf?: string;
            readonly customer?: components["schemas"]["PhoneNumber"];
            readonly data: {
                readonly [key: string]: string;
            };
            /** @enum {string} */
            readonly direction: "inbound" | "outbound" | "internal";
            readonly ivrPath: readonly string[];
            readonly match?: components["schemas"]["CustomerMatch"];
            readonly nativeCallRef?: string;
            /** @description the id of a queue */
            readonly queueId?: string;
            readonly recordings: readonly {
                /** @description the id of a recording */
                readonly recordingId: string;
                /** @enum {string} */
                readonly state: "recording" | "paused" | "stopped";
            }[];
            /** @description epoch milliseconds */
            readonly startedWallMs: number;
        };
        readonly Callback: {
            /** @description epoch milliseconds */
            readonly askedWallMs: number;
            /** @description the id of a call */
            readonly callId: string;
            readonly marked?: {
                /** @description epoch milliseconds */
                readonly atWallMs: number;
                readonly by: string;
            };
            readonly number: components["schemas"]["PhoneNumber"];
            /** @description the id of a queue */
            readonly queueId: string;
            /** @enum {string} */
            readonly state: "open" | "done";
        };
        readonly CallNote: {
            /** @description epoch milliseconds */
            readonly atWallMs: number;
            readonly by: string;
            /** @description one of the configured `callCategories` */
            readonly category?: string;
            readonly text?: string;
            /** @description the id of a ticket in another system */
            readonly ticket?: string;
        };
        readonly Connection: {
            readonly actions: readonly ("answer" | "reject" | "clear" | "hold" | "retrieve" | "mute" | "unmute" | "sendDigits" | "consult" | "transfer" | "completeTransfer" | "cancelConsult" | "alternate" | "conference" | "addParty" | "dropParty" | "park" | "flash" | "startRecording" | "stopRecording" | "pauseRecording" | "resumeRecording" | "setData" | "returnToFlow" | "listen" | "whisper" | "barge" | "stopMonitor" | "forceRelease")[];
            /** @description the id of an agent */
            readonly agentId?: string;
            /** @constant */
            readonly awaits?: "release";
            /** @description the id of a connection */
            readonly connectionId: string;
            /** @enum {string} */
            readonly control: "full" | "observe";
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly device: string;
            readonly evidence?: components["schemas"]["Evidence"];
            /** @enum {string} */
            readonly heldBy?: "agent" | "device";
            /** @constant */
            readonly muted?: "muted";
            readonly parkedAt?: number;
            readonly party: components["schemas"]["PhoneNumber"];
            readonly partyName?: string;
            /** @enum {string} */
            readonly pending?: "answer" | "clear" | "hold" | "retrieve" | "transfer" | "conference" | "monitor" | "originate" | "record" | "park";
            /** @enum {string} */
            readonly role: "party" | "consult" | "listen" | "whisper" | "barge";
            /** @description milliseconds on the server's monotone clock */
            readonly sinceMs: number;
            /** @description epoch milliseconds */
            readonly sinceWallMs: number;
            /** @enum {string} */
            readonly state: "null" | "initiated" | "alerting" | "connected" | "held" | "queued" | "failed";
        };
        readonly CustomerMatch: {
            readonly customers: readonly {
                readonly id: string;
                readonly name: string;
                readonly url?: string;
            }[];
            /** @enum {string} */
            readonly decision: "none" | "one" | "many";
        };
        readonly DeviceChange: {
            readonly dial?: {
                readonly number: string;
                /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
                readonly trunk: string;
            } | null;
            readonly label?: string;
            readonly popAt?: ("alerting" | "connected") | null;
            readonly popUrl?: string | null;
        };
        readonly DeviceConfig: {
            readonly dial?: {
                readonly number: string;
                /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
                readonly trunk: string;
            };
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly id: string;
            /** @default  */
            readonly label: string;
            /** @enum {string} */
            readonly popAt?: "alerting" | "connected";
            readonly popUrl?: string;
        };
        readonly DeviceDetail: {
            readonly classOfService?: number;
            /** @enum {string} */
            readonly direction?: "in" | "out" | "internal";
            /** @constant */
            readonly doNotDisturb?: "on";
            readonly forward?: components["schemas"]["PhoneNumber"];
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly line?: string;
            /** @constant */
            readonly messageLamp?: "on";
            readonly nativeCallRef?: string;
            readonly party?: components["schemas"]["PhoneNumber"];
            readonly partyName?: string;
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly peer?: string;
            /** @enum {string} */
            readonly state: "outOfService" | "idle" | "offHook" | "dialling" | "ringing" | "ringback" | "talking" | "held" | "parked" | "conference" | "busyTone" | "howler" | "wrapUp" | "programming" | "taken" | "free" | "unknown";
        };
        readonly DeviceResource: {
            readonly dial?: {
                readonly number: string;
                /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
                readonly trunk: string;
            };
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly id: string;
            /** @default  */
            readonly label: string;
            readonly live?: components["schemas"]["DeviceView"];
            /** @enum {string} */
            readonly popAt?: "alerting" | "connected";
            readonly popUrl?: string;
            /**
             * @description `switch`: nobody has configured it, a switch tells of it; its label is the name of the agent whose seat it is
             * @enum {string}
             */
            readonly source: "configuration" | "switch";
        };
        readonly DeviceView: {
            readonly detail?: components["schemas"]["DeviceDetail"];
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly device: string;
            /** @enum {string} */
            readonly presence: "idle" | "alerting" | "busy" | "held" | "doNotDisturb" | "unreachable" | "unknown";
            /** @description milliseconds on the server's monotone clock */
            readonly sinceMs: number;
            /** @description epoch milliseconds */
            readonly sinceWallMs: number;
        };
        /** @description What went wrong; the code alone is for programs */
        readonly Error: {
            readonly code: components["schemas"]["ErrorCode"];
            readonly details?: {
                readonly [key: string]: string | number | boolean | null | readonly string[];
            };
            readonly message: string;
            readonly retryable: boolean;
        };
        /**
         * @description Stable code `area.reason`
         * @enum {string}
         */
        readonly ErrorCode: "argument.invalid" | "argument.number" | "auth.missing" | "auth.invalid" | "auth.expired" | "auth.forbidden" | "auth.origin" | "call.notFound" | "call.state" | "call.blocked" | "agent.notFound" | "agent.state" | "agent.seat" | "queue.notFound" | "device.notFound" | "flow.notFound" | "flow.invalid" | "recording.notFound" | "cdr.notFound" | "resource.notFound" | "resource.conflict" | "pop.gone" | "command.duplicate" | "command.unknown" | "command.notSupported" | "command.superseded" | "driver.started" | "driver.stopped" | "driver.timeout" | "driver.linkLost" | "driver.refused" | "driver.outcomeUnknown" | "device.lost" | "device.refused" | "device.notSupported" | "device.timeout" | "device.missing" | "link.auth" | "link.closed" | "wire.frameTooLarge" | "wire.frameInvalid" | "wire.unsafeValue" | "config.invalid" | "config.unresolved" | "journal.version" | "journal.corrupt" | "store.unavailable" | "server.busy" | "server.draining" | "server.internal" | "client.closed" | "client.timeout" | "wait.aborted";
        readonly Evidence: {
            /** @enum {string} */
            readonly by: "signalling" | "polarity" | "modem" | "ringback" | "colour-ringback" | "ringback-broken" | "voice-after-crbt" | "voice" | "tone" | "hook" | "timeout";
            readonly confidence: number;
            readonly tone?: string;
        };
        readonly Message: {
            readonly box: string;
            readonly caller: components["schemas"]["PhoneNumber"];
            /** @description the id of a call */
            readonly callId: string;
            /** @description the number to call back that the caller keyed in */
            readonly contact?: string;
            readonly durationMs: number;
            /** @description epoch milliseconds */
            readonly leftWallMs: number;
            readonly marked?: {
                /** @description epoch milliseconds */
                readonly atWallMs: number;
                readonly by: string;
            };
            /** @description the id of a recording */
            readonly recordingId: string;
            /** @enum {string} */
            readonly state: "new" | "heard" | "handled";
            /** @description files that can be listened to now */
            readonly stored: readonly {
                readonly bytes: number;
                readonly index: number;
                readonly mediaType: string;
            }[];
        };
        readonly Mode: {
            readonly mode: string;
            /** @description what holds now */
            readonly value: string;
            readonly values: readonly string[];
        };
        readonly NotedCdr: {
            readonly agents: readonly string[];
            /** @description epoch milliseconds */
            readonly answeredWallMs?: number;
            readonly called: components["schemas"]["PhoneNumber"];
            /** @description the id of a call */
            readonly callId: string;
            readonly calling: components["schemas"]["PhoneNumber"];
            /** @enum {string} */
            readonly cause: "normalClearing" | "busy" | "noAnswer" | "rejected" | "unallocatedNumber" | "deviceUnreachable" | "congestion" | "cancelled" | "answeredElsewhere" | "transferred" | "replaced" | "blocked" | "forcedRelease" | "shutdown" | "lostInOutage" | "incompatible" | "failure" | "unknown";
            readonly customer?: components["schemas"]["PhoneNumber"];
            readonly data: {
                readonly [key: string]: string;
            };
            /** @enum {string} */
            readonly direction: "inbound" | "outbound" | "internal";
            readonly durationMs: number;
            readonly endedAt: {
                /** @description the name of a flow */
                readonly flow: string;
                /** @constant */
                readonly kind: "flow";
                readonly node: string;
            } | {
                /** @constant */
                readonly kind: "queue";
                /** @description the id of a queue */
                readonly queue: string;
            } | {
                /** @description the id of an agent */
                readonly agent: string;
                /** @constant */
                readonly kind: "agent";
            } | {
                /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
                readonly device: string;
                /** @constant */
                readonly kind: "device";
            } | {
                /** @constant */
                readonly kind: "route";
            };
            /** @enum {string} */
            readonly endedBy: "caller" | "agent" | "system" | "supervisor" | "unknown";
            /** @description epoch milliseconds */
            readonly endedWallMs: number;
            readonly ivrPath: readonly string[];
            readonly lostBetweenWallMs?: readonly [
                number,
                number
            ];
            /** @description the id of an agent */
            readonly madeBy?: string;
            readonly merged: readonly {
                readonly called: components["schemas"]["PhoneNumber"];
                /** @description the id of a call */
                readonly callId: string;
                /** @description epoch milliseconds */
                readonly mergedWallMs: number;
                /** @description epoch milliseconds */
                readonly startedWallMs: number;
            }[];
            readonly missedBy?: readonly string[];
            readonly native?: {
                readonly q850?: number;
                readonly sip?: number;
                readonly text?: string;
            };
            readonly nativeCallRefs?: readonly string[];
            readonly note?: components["schemas"]["CallNote"];
            /** @enum {string} */
            readonly outcome: "answered" | "abandoned" | "droppedInFlow" | "noAnswer" | "busy" | "failed" | "blocked" | "lostInOutage" | "completedInFlow";
            readonly progress?: {
                readonly evidence: components["schemas"]["Evidence"];
                /** @enum {string} */
                readonly result: "answered" | "answeredOrAnnouncement" | "fax" | "modem" | "busy" | "congestion" | "unallocated" | "noAnswer" | "noDialTone" | "cancelled" | "failed";
            };
            /** @description the id of a queue */
            readonly queueId?: string;
            readonly recordings: readonly string[];
            readonly segments: readonly {
                /** @description the id of an agent */
                readonly agentId?: string;
                /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
                readonly device?: string;
                /** @description milliseconds on the server's monotone clock */
                readonly endMs: number;
                /** @enum {string} */
                readonly kind: "route" | "flow" | "queue" | "ringing" | "talking" | "held" | "consulting" | "parked" | "transferring" | "conference" | "releasing";
                readonly node?: string;
                /** @description the id of a queue */
                readonly queueId?: string;
                /** @description milliseconds on the server's monotone clock */
                readonly startMs: number;
            }[];
            /** @description epoch milliseconds */
            readonly startedWallMs: number;
            readonly tenant: string;
            readonly transfers: readonly {
                /** @description milliseconds on the server's monotone clock */
                readonly atMs: number;
                readonly by: string;
                /** @enum {string} */
                readonly kind: "blind" | "attended";
                /** @enum {string} */
                readonly outcome: "done" | "failed";
                readonly to: string;
            }[];
        };
        readonly Parameter: {
            /**
             * @description an empty value is good too: there is none
             * @constant
             */
            readonly empty?: "allowed";
            readonly field?: number;
            /** @enum {string} */
            readonly group: "extensions" | "lines" | "system" | "dialling";
            readonly help: string;
            readonly id: string;
            /** @description number of it in the specification of the protocol, where it has one */
            readonly item?: number;
            readonly places?: number;
            /** @enum {string} */
            readonly scope: "extension" | "port" | "line" | "table" | "system";
            /** @constant */
            readonly secret?: "secret";
            readonly type: {
                /** @constant */
                readonly kind: "number";
                readonly max: number;
                readonly min: number;
                readonly unit?: string;
                readonly words?: readonly string[];
            } | {
                /** @constant */
                readonly kind: "flag";
            } | {
                /** @constant */
                readonly kind: "digits";
                readonly max: number;
                readonly min: number;
            } | {
                /** @constant */
                readonly kind: "text";
                readonly max: number;
            } | {
                /** @constant */
                readonly kind: "time";
            } | {
                /** @constant */
                readonly kind: "set";
                readonly max: number;
                /** @enum {string} */
                readonly of: "line" | "port";
            };
        };
        /** @description A telephone number, normalised by the dial plan */
        readonly PhoneNumber: {
            readonly display: string;
            readonly e164?: string;
            /** @enum {string} */
            readonly presentation: "allowed" | "withheld" | "unavailable";
            readonly raw: string;
        };
        readonly Queue: {
            readonly agentsLoggedOn: number;
            readonly agentsReady: number;
            readonly name: string;
            /** @description the id of a queue */
            readonly queueId: string;
            readonly waiting: readonly components["schemas"]["QueueEntry"][];
            readonly waitingCount: number;
        };
        readonly QueueChange: {
            readonly afterCallWorkMs?: number;
            readonly ageingMs?: number | null;
            readonly blockedBy?: readonly ("workingAfterCall" | "dialled")[] | null;
            readonly maxWaiting?: number;
            readonly musicClass?: string | null;
            readonly name?: string;
            readonly overflow?: components["schemas"]["RouteTarget"];
            /** @enum {string} */
            readonly popAt?: "alerting" | "connected";
            readonly popUrl?: string | null;
            readonly priority?: number;
            /** @enum {string} */
            readonly record?: "always" | "never";
            /** @enum {string} */
            readonly ringNoAnswer?: "notReady" | "ready";
            readonly ringTimeoutMs?: number;
            readonly routesToReasons?: readonly string[];
            /** @constant */
            readonly strategy?: "longestIdle";
            readonly survey?: string | null;
            readonly waitTimeoutMs?: number;
            readonly work?: ("inbound" | "dialled" | "callBack") | null;
        };
        readonly QueueConfig: {
            /** @default 10000 */
            readonly afterCallWorkMs: number;
            readonly ageingMs?: number;
            readonly blockedBy?: readonly ("workingAfterCall" | "dialled")[];
            /** @description the id of a queue */
            readonly id: string;
            /** @default 0 */
            readonly maxWaiting: number;
            readonly musicClass?: string;
            readonly name: string;
            /**
             * @default {
             *       "kind": "hangup"
             *     }
             */
            readonly overflow: components["schemas"]["RouteTarget"];
            /**
             * @default alerting
             * @enum {string}
             */
            readonly popAt: "alerting" | "connected";
            readonly popUrl?: string;
            /** @default 0 */
            readonly priority: number;
            /**
             * @default never
             * @enum {string}
             */
            readonly record: "always" | "never";
            /**
             * @default notReady
             * @enum {string}
             */
            readonly ringNoAnswer: "notReady" | "ready";
            /** @default 20000 */
            readonly ringTimeoutMs: number;
            /** @default [] */
            readonly routesToReasons: readonly string[];
            /**
             * @default longestIdle
             * @constant
             */
            readonly strategy: "longestIdle";
            /** @description the name of a flow */
            readonly survey?: string;
            /** @default 0 */
            readonly waitTimeoutMs: number;
            /** @enum {string} */
            readonly work?: "inbound" | "dialled" | "callBack";
        };
        readonly QueueEntry: {
            readonly caller: components["schemas"]["PhoneNumber"];
            /** @description the id of a call */
            readonly callId: string;
            /** @description epoch milliseconds */
            readonly enqueuedWallMs: number;
            /** @description the id of a waiting */
            readonly entryId: string;
            /** @description the id of an agent */
            readonly offeredTo?: string;
            readonly offers: number;
            readonly priority: number;
        };
        readonly QueueResource: {
            /** @default 10000 */
            readonly afterCallWorkMs: number;
            readonly ageingMs?: number;
            readonly blockedBy?: readonly ("workingAfterCall" | "dialled")[];
            /** @description the id of a queue */
            readonly id: string;
            readonly live?: components["schemas"]["Queue"];
            /** @default 0 */
            readonly maxWaiting: number;
            readonly musicClass?: string;
            readonly name: string;
            /**
             * @default {
             *       "kind": "hangup"
             *     }
             */
            readonly overflow: components["schemas"]["RouteTarget"];
            /**
             * @default alerting
             * @enum {string}
             */
            readonly popAt: "alerting" | "connected";
            readonly popUrl?: string;
            /** @default 0 */
            readonly priority: number;
            /**
             * @default never
             * @enum {string}
             */
            readonly record: "always" | "never";
            /**
             * @default notReady
             * @enum {string}
             */
            readonly ringNoAnswer: "notReady" | "ready";
            /** @default 20000 */
            readonly ringTimeoutMs: number;
            /** @default [] */
            readonly routesToReasons: readonly string[];
            /**
             * @default longestIdle
             * @constant
             */
            readonly strategy: "longestIdle";
            /** @description the name of a flow */
            readonly survey?: string;
            /** @default 0 */
            readonly waitTimeoutMs: number;
            /** @enum {string} */
            readonly work?: "inbound" | "dialled" | "callBack";
        };
        readonly RecordingResource: {
            /** @description the id of an agent */
            readonly agentId?: string;
            readonly announcement?: string;
            readonly basis: string;
            /** @description the id of a call */
            readonly callId: string;
            /** @enum {string} */
            readonly cause: "rule" | "agent" | "supervisor" | "flow";
            /** @description the id of a connection */
            readonly connectionId: string;
            readonly consent?: {
                /** @description epoch milliseconds */
                readonly atWallMs: number;
                /** @enum {string} */
                readonly by: "flow" | "agent";
                /** @enum {string} */
                readonly given: "yes" | "no";
            };
            /** @description epoch milliseconds */
            readonly deleteAfterWallMs: number;
            readonly durationMs?: number;
            /** @description epoch milliseconds */
            readonly endedWallMs?: number;
            readonly files: readonly string[];
            /** @enum {string} */
            readonly format: "wav" | "ulaw" | "wav49";
            readonly pauses: readonly {
                /** @description epoch milliseconds */
                readonly fromWallMs: number;
                /** @description epoch milliseconds */
                readonly toWallMs?: number;
            }[];
            /** @description the id of a queue */
            readonly queueId?: string;
            /** @description the id of a recording */
            readonly recordingId: string;
            /** @description epoch milliseconds */
            readonly startedWallMs: number;
            /** @enum {string} */
            readonly state: "recording" | "paused" | "done" | "failed";
            readonly stopped?: {
                /** @description epoch milliseconds */
                readonly atWallMs: number;
                /** @enum {string} */
                readonly reason: "consent" | "neverRecord";
            };
            readonly stored: readonly {
                readonly bytes: number;
                readonly index: number;
                readonly mediaType: string;
            }[];
            /** @enum {string} */
            readonly tracks: "mixed" | "separate";
            /** @constant */
            readonly unsure?: "unsure";
        };
        readonly Room: {
            /** @enum {string} */
            readonly doNotDisturb?: "on" | "off";
            /** @enum {string} */
            readonly messageLamp?: "on" | "off";
            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
            readonly room: string;
            /** @enum {string} */
            readonly status?: "cleanVacant" | "cleanOccupied" | "dirtyVacant" | "dirtyOccupied" | "inspected" | "outOfOrder";
            /** @description how the last wake-up call ended */
            readonly wakeUp?: {
                /** @description epoch milliseconds */
                readonly atWallMs: number;
                /** @enum {string} */
                readonly outcome: "answered" | "noAnswer" | "busy" | "unknown";
            };
        };
        readonly RouteChange: {
            /** @enum {string} */
            readonly enabled?: "enabled" | "paused";
            readonly maxConcurrent?: number;
            readonly note?: string;
            readonly number?: string;
            readonly popTo?: ({
                /** @description the id of an agent */
                readonly agent: string;
                /** @constant */
                readonly kind: "agent";
            } | {
                /** @constant */
                readonly kind: "extension";
                readonly number: string;
            }) | null;
            readonly priority?: number;
            readonly switchId?: string | null;
            readonly to?: components["schemas"]["RouteTarget"];
        };
        readonly RouteConfig: {
            /**
             * @default enabled
             * @enum {string}
             */
            readonly enabled: "enabled" | "paused";
            readonly id: string;
            /** @default 0 */
            readonly maxConcurrent: number;
            /** @default  */
            readonly note: string;
            readonly number: string;
            readonly popTo?: {
                /** @description the id of an agent */
                readonly agent: string;
                /** @constant */
                readonly kind: "agent";
            } | {
                /** @constant */
                readonly kind: "extension";
                readonly number: string;
            };
            /** @default 0 */
            readonly priority: number;
            /** @description the id of a switch */
            readonly switchId?: string;
            readonly to: components["schemas"]["RouteTarget"];
        };
        readonly RouteConfigInput: {
            /**
             * @default enabled
             * @enum {string}
             */
            readonly enabled: "enabled" | "paused";
            readonly id: string;
            /** @default 0 */
            readonly maxConcurrent: number;
            /** @default  */
            readonly note: string;
            readonly number: string;
            readonly popTo?: {
                /** @description the id of an agent */
                readonly agent: string;
                /** @constant */
                readonly kind: "agent";
            } | {
                /** @constant */
                readonly kind: "extension";
                readonly number: string;
            };
            /** @default 0 */
            readonly priority: number;
            /** @description the id of a switch */
            readonly switchId?: string;
            readonly to: components["schemas"]["RouteTarget"];
        };
        readonly RouteTarget: {
            /** @description the name of a flow */
            readonly flow: string;
            /** @constant */
            readonly kind: "ivr";
        } | {
            /** @constant */
            readonly kind: "queue";
            /** @description the id of a queue */
            readonly queue: string;
        } | {
            /** @constant */
            readonly kind: "extension";
            readonly number: string;
        } | {
            /** @description the id of an agent */
            readonly agent: string;
            /** @constant */
            readonly kind: "agent";
        } | {
            /** @constant */
            readonly kind: "outside";
            readonly number: string;
        } | {
            /** @constant */
            readonly kind: "hangup";
        };
        readonly Score: {
            /** @description the id of an agent */
            readonly agentId?: string;
            /** @description epoch milliseconds */
            readonly atWallMs: number;
            /** @description the id of a call */
            readonly callId: string;
            /** @description the id of a queue */
            readonly queueId?: string;
            readonly score: number;
            readonly survey: string;
        };
        readonly ScoreSummary: {
            readonly items: readonly {
                readonly average: number;
                readonly count: number;
                readonly group: string;
                readonly scores: {
                    readonly [key: string]: number;
                };
            }[];
        };
        readonly SpeedDial: {
            /** @description the id of an agent */
            readonly agent?: string;
            readonly code: string;
            readonly id: string;
            readonly name: string;
            readonly number: string;
        };
        readonly SpeedDialEntry: {
            readonly code: string;
            /** @enum {string} */
            readonly list: "own" | "site";
            readonly name: string;
            readonly number?: string;
        };
        readonly Switch: {
            readonly facets: readonly ("programming" | "clock" | "hotel" | "records")[];
            /** @description the id of a switch */
            readonly id: string;
            /** @enum {string} */
            readonly link: "up" | "down";
            /** @enum {string} */
            readonly profile: "media" | "callControl" | "line";
        };
        readonly SwitchCallRecord: {
            readonly accountCode?: string;
            /** @enum {string} */
            readonly answered?: "answered" | "unanswered";
            /** @description shared by the records of one call; a switch may use it again after the one without `continues` */
            readonly callRef?: string;
            /**
             * @description another record of the same call follows
             * @constant
             */
            readonly continues?: "continues";
            readonly costMinor?: number;
            readonly currency?: string;
            /** @description what a caller dialled to reach the switch */
            readonly did?: string;
            /** @enum {string} */
            readonly direction: "out" | "in" | "internal" | "unknown";
            /** @description key of the password that let a caller in to dial out; not the password */
            readonly disaCode?: string;
            readonly doubts: readonly string[];
            /** @description milliseconds */
            readonly durationMs?: number;
            /**
             * @description how it ended; `transferred`: another extension has the call from here on; `cut`: the switch lost its power
             * @enum {string}
             */
            readonly end?: "normal" | "transferred" | "abandoned" | "noAnswer" | "busy" | "rejected" | "barred" | "failed" | "cut";
            readonly extension?: string;
            /** @description on hold or parked, part of `durationMs` */
            readonly holdMs?: number;
            readonly line?: string;
            readonly name?: string;
            readonly number?: string;
            /** @description milliseconds */
            readonly parkMs?: number;
            /** @description which record of its call, from 1 */
            readonly part?: number;
            /** @description key of the person whose password let the call out; not the password */
            readonly personalCode?: string;
            readonly pulses?: number;
            /** @description the switch's own number: the same one twice is the same record */
            readonly recordNo?: string;
            /** @description milliseconds */
            readonly ringMs?: number;
            /** @description local time */
            readonly start?: string;
            /** @description the extension that gave the call to this one */
            readonly transferredFrom?: string;
            /** @description the extension that got the call from this one */
            readonly transferredTo?: string;
        };
        readonly VoiceBox: {
            readonly box: string;
            readonly handled: number;
            readonly heard: number;
            readonly new: number;
        };
        readonly VoiceFile: {
            readonly approvedBy?: string;
            /** @description epoch milliseconds */
            readonly approvedWallMs?: number;
            readonly bytes: number;
            readonly durationMs: number;
            readonly language: string;
            readonly name: string;
            readonly sha256: string;
            /** @enum {string} */
            readonly state: "draft" | "approved" | "replaced";
            readonly uploadedBy: string;
            /** @description epoch milliseconds */
            readonly uploadedWallMs: number;
            readonly version: number;
        };
    };
    responses: {
        /** @description It did not go; `code` says why */
        readonly Failure: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly health: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Is the process alive? */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * @description free space where recordings go
                         * @enum {string}
                         */
                        readonly disk: "ok" | "low";
                        readonly links: {
                            readonly [key: string]: "up" | "down";
                        };
                        /**
                         * @description of the process; 503: failed
                         * @enum {string}
                         */
                        readonly status: "ok" | "starting" | "draining" | "failed";
                    };
                };
            };
            /** @description It does not; `status` says why */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * @description free space where recordings go
                         * @enum {string}
                         */
                        readonly disk: "ok" | "low";
                        readonly links: {
                            readonly [key: string]: "up" | "down";
                        };
                        /**
                         * @description of the process; 503: failed
                         * @enum {string}
                         */
                        readonly status: "ok" | "starting" | "draining" | "failed";
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly metrics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Metrics in the text format of Prometheus */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": unknown;
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly openapi: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description This document */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly ready: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Does it take calls? 503 until every switch is synced, while a link to one is down, while it drains, and when it has failed */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * @description free space where recordings go
                         * @enum {string}
                         */
                        readonly disk: "ok" | "low";
                        readonly links: {
                            readonly [key: string]: "up" | "down";
                        };
                        /**
                         * @description ok with 200 alone; linkDown: a switch is not synced yet, or a link to one is down
                         * @enum {string}
                         */
                        readonly status: "ok" | "starting" | "linkDown" | "draining" | "failed";
                    };
                };
            };
            /** @description It does not; `status` says why */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * @description free space where recordings go
                         * @enum {string}
                         */
                        readonly disk: "ok" | "low";
                        readonly links: {
                            readonly [key: string]: "up" | "down";
                        };
                        /**
                         * @description ok with 200 alone; linkDown: a switch is not synced yet, or a link to one is down
                         * @enum {string}
                         */
                        readonly status: "ok" | "starting" | "linkDown" | "draining" | "failed";
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listAgents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Agents and what they do */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["AgentResource"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly createAgent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AgentConfig"];
            };
        };
        readonly responses: {
            /** @description Adds an agent */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getAgent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly agentId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One agent */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteAgent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly agentId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly changeAgent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly agentId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AgentChange"];
            };
        };
        readonly responses: {
            /** @description Changes an agent */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AgentResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly putAgentSpeedDial: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly agentId: string;
                readonly code: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    readonly number: string;
                };
            };
        };
        readonly responses: {
            /** @description Puts a number under a code of an agent's list */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SpeedDial"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteAgentSpeedDial: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly agentId: string;
                readonly code: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listStays: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly from?: number;
                readonly limit?: number;
                readonly to?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly agentId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description An agent's states over time, newest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["AgentStay"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listCallbacks: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly from?: number;
                readonly limit?: number;
                readonly queue?: string;
                readonly state?: "open" | "done";
                readonly to?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Callers who want to be called back, newest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Callback"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly markCallback: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly callId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {string} */
                    readonly state: "open" | "done";
                };
            };
        };
        readonly responses: {
            /** @description Marks a wish to be called back as done, or as open again */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Callback"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listCalls: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Calls that live now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Call"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getCall: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly callId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A call that lives now; ids of merged calls lead to the one they became part of */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Call"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listCdrs: {
        readonly parameters: {
            readonly query?: {
                readonly agent?: string;
                readonly category?: string;
                readonly cursor?: string;
                readonly direction?: "inbound" | "outbound" | "internal";
                readonly flow?: string;
                readonly from?: number;
                readonly limit?: number;
                readonly missedBy?: string;
                readonly node?: string;
                readonly number?: string;
                readonly outcome?: "answered" | "abandoned" | "droppedInFlow" | "noAnswer" | "busy" | "failed" | "blocked" | "lostInOutage" | "completedInFlow";
                readonly queue?: string;
                readonly to?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Call records, newest first; agents see those of the calls that they had or dialled, or missed (`missedBy`) */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["NotedCdr"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getCdr: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly callId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The record of one call */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NotedCdr"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getCallNote: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly callId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was written on a call, while it goes on or afterwards; agents at their own */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly note?: components["schemas"]["CallNote"];
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly putCallNote: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly callId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description one of the configured `callCategories` */
                    readonly category?: string;
                    readonly text?: string;
                    /** @description the id of a ticket in another system */
                    readonly ticket?: string;
                };
            };
        };
        readonly responses: {
            /** @description Writes a note, a ticket or a category on a call, while it goes on or afterwards; agents at their own */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CallNote"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteCallNote: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly callId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listDevices: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Devices that are configured or that a switch tells of, and what they do */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["DeviceResource"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly createDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DeviceConfig"];
            };
        };
        readonly responses: {
            /** @description Adds a device */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeviceResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly deviceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One device */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeviceResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly deviceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly changeDevice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly deviceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DeviceChange"];
            };
        };
        readonly responses: {
            /** @description Changes a device */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeviceResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly directory: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Agents, queues and devices that a call can be sent to */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly agents: readonly {
                            /** @description the id of an agent */
                            readonly id: string;
                            readonly name: string;
                            readonly state: string;
                        }[];
                        readonly devices: readonly {
                            /** @description a device: <switch>:<extension|line|trunk|park|external>:<address> */
                            readonly id: string;
                            readonly label: string;
                        }[];
                        readonly queues: readonly {
                            readonly agentsReady: number;
                            /** @description the id of a queue */
                            readonly id: string;
                            readonly name: string;
                            readonly waiting: number;
                        }[];
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listFlows: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Flows */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly id: string;
                            readonly languages: readonly string[];
                            readonly nodes: number;
                            /** @enum {string} */
                            readonly source: "file" | "store";
                            readonly version: string;
                        }[];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getFlow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly flowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One flow as JSON */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @constant */
                        readonly format: "cordboard-ivr/1";
                        readonly id: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly putFlow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly flowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @constant */
                    readonly format: "cordboard-ivr/1";
                    readonly id: string;
                } & {
                    readonly [key: string]: unknown;
                };
            };
        };
        readonly responses: {
            /** @description Adds or replaces a flow; calls under way finish on the version that they began with */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        readonly languages: readonly string[];
                        readonly nodes: number;
                        /** @enum {string} */
                        readonly source: "file" | "store";
                        readonly version: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteFlow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly flowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly journal: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Facts about the journal */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly coreVersion: string;
                        readonly epoch: string;
                        readonly files: readonly {
                            readonly bytes: number;
                            readonly name: string;
                            /** @enum {string} */
                            readonly snapshot: "with" | "without";
                        }[];
                        /** @description inputs of this run */
                        readonly inputs: number;
                        /** @description how long the last write to disk took */
                        readonly lastSyncMs?: number;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly me: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Who the token says you are, and what you may */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description the id of an agent */
                        readonly agentId?: string;
                        /** @enum {string} */
                        readonly maskClass: "clear" | "masked" | "hidden";
                        readonly operations: readonly string[];
                        /** @enum {string} */
                        readonly role: "agent" | "supervisor" | "reviewer" | "admin" | "operator";
                        readonly tenant: string;
                        /** @description epoch milliseconds */
                        readonly tokenEndsWallMs: number;
                        /** @description the id of a user */
                        readonly userId: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listOwnSpeedDial: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The codes that you can dial: your own, and those of the site that they do not hide */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["SpeedDialEntry"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly putOwnSpeedDial: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly code: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    readonly number: string;
                };
            };
        };
        readonly responses: {
            /** @description Puts a number under a code of your own list */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SpeedDialEntry"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteOwnSpeedDial: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly code: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listMessages: {
        readonly parameters: {
            readonly query?: {
                readonly box?: string;
                readonly call?: string;
                readonly cursor?: string;
                readonly from?: number;
                readonly limit?: number;
                readonly number?: string;
                readonly state?: "new" | "heard" | "handled";
                readonly to?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Messages that callers have left, newest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Message"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getMessage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly recordingId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One message */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Message"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteMessage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly recordingId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly markMessage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly recordingId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {string} */
                    readonly state: "new" | "heard" | "handled";
                };
            };
        };
        readonly responses: {
            /** @description Marks a message as new, heard or handled */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Message"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getMessageFile: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly index: number;
                readonly recordingId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sound of a message; range requests are answered */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "audio/basic": unknown;
                    readonly "audio/wav": unknown;
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listModes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Switches of flows that are set by hand, such as day and night, and what holds now */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Mode"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly setMode: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly mode: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly value: string;
                };
            };
        };
        readonly responses: {
            /** @description Sets one of them; it holds until somebody sets another value, also over restarts */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Mode"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listQueues: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Queues and who waits */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["QueueResource"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly createQueue: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["QueueConfig"];
            };
        };
        readonly responses: {
            /** @description Adds a queue */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QueueResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getQueue: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly queueId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One queue */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QueueResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteQueue: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly queueId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly changeQueue: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly queueId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["QueueChange"];
            };
        };
        readonly responses: {
            /** @description Changes a queue */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QueueResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listRecordings: {
        readonly parameters: {
            readonly query?: {
                readonly agent?: string;
                readonly call?: string;
                readonly cursor?: string;
                readonly from?: number;
                readonly limit?: number;
                readonly queue?: string;
                readonly to?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Recordings, newest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["RecordingResource"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getRecording: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly recordingId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One recording */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RecordingResource"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteRecording: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly recordingId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getRecordingFile: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly index: number;
                readonly recordingId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A file of a recording; range requests are answered */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "audio/basic": unknown;
                    readonly "audio/wav": unknown;
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly resolveReferences: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly references: readonly string[];
                };
            };
        };
        readonly responses: {
            /** @description Turns references of masked numbers back into numbers, for programs */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly numbers: {
                            readonly [key: string]: string;
                        };
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listRoutes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Inbound routes, in the order in which they are tried */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["RouteConfig"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly createRoute: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RouteConfigInput"];
            };
        };
        readonly responses: {
            /** @description Adds a route */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteConfig"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getRoute: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly routeId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One route */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteConfig"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteRoute: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly routeId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly changeRoute: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly routeId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RouteChange"];
            };
        };
        readonly responses: {
            /** @description Changes a route */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteConfig"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly enableRoute: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly routeId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Lets calls in by a route */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteConfig"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly pauseRoute: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly routeId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Lets no call in by a route */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteConfig"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listScores: {
        readonly parameters: {
            readonly query?: {
                readonly agent?: string;
                readonly cursor?: string;
                readonly from?: number;
                readonly limit?: number;
                readonly queue?: string;
                readonly survey?: string;
                readonly to?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Answers of surveys, newest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Score"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly summariseScores: {
        readonly parameters: {
            readonly query?: {
                readonly agent?: string;
                readonly by?: "survey" | "agent" | "queue" | "day";
                readonly from?: number;
                readonly queue?: string;
                readonly survey?: string;
                readonly to?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Answers of surveys by survey, agent, queue or day: how many, their average, how often each */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ScoreSummary"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listSpeedDial: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The site's speed dial list and those of its agents */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["SpeedDial"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly putSpeedDial: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly code: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    readonly number: string;
                };
            };
        };
        readonly responses: {
            /** @description Puts a number under a code of the site's list */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SpeedDial"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteSpeedDial: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly code: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listSwitches: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Switches, whether they can be reached, and what can be done with each apart from calls */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Switch"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listCallRecords: {
        readonly parameters: {
            readonly query?: {
                readonly accountCode?: string;
                readonly cursor?: string;
                readonly direction?: "out" | "in" | "internal" | "unknown";
                readonly extension?: string;
                readonly from?: string;
                readonly limit?: number;
                readonly line?: string;
                readonly number?: string;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The switch's own call records (SMDR), oldest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["SwitchCallRecord"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly exportCallRecords: {
        readonly parameters: {
            readonly query?: {
                readonly accountCode?: string;
                readonly direction?: "out" | "in" | "internal" | "unknown";
                readonly extension?: string;
                readonly from?: string;
                readonly line?: string;
                readonly number?: string;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The switch's own call records as CSV */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": unknown;
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getSwitchClock: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The switch's own clock, and how far it has gone from the server's */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description by how much it is ahead of the server's own clock in that zone; negative: behind */
                        readonly aheadMs: number;
                        /** @description local time */
                        readonly at: string;
                        /** @description IANA time zone of the site */
                        readonly timeZone: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly setSwitchClock: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Sets the switch's clock to the server's time in the site's zone, and reads it back */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description by how much it is ahead of the server's own clock in that zone; negative: behind */
                        readonly aheadMs: number;
                        /** @description local time */
                        readonly at: string;
                        /** @description IANA time zone of the site */
                        readonly timeZone: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listSwitchDevices: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Every telephone, line and park slot that the switch tells of, configured or not, and what it does */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["DeviceView"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listParameters: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Parameters that the switch has, with their types, ranges and help */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Parameter"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly readParameters: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly items: readonly {
                        readonly id: string;
                        readonly index: number;
                    }[];
                    /**
                     * Format: password
                     * @description the system password of the switch
                     */
                    readonly password?: string;
                };
            };
        };
        readonly responses: {
            /** @description Reads parameters from the switch, each with its own outcome */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            /**
                             * @description of a dry run: would writing change it?
                             * @enum {string}
                             */
                            readonly change?: "changes" | "same";
                            /** @enum {string} */
                            readonly code: "ok" | "unverified" | "range" | "noDevice" | "readOnly" | "wrongType" | "denied" | "unsupported" | "mismatch" | "failed" | "lost";
                            readonly id: string;
                            readonly index: number;
                            /** @description what the switch says its value is */
                            readonly value?: boolean | number | string | readonly number[];
                        }[];
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly writeParameters: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly items: readonly {
                        readonly id: string;
                        readonly index: number;
                        readonly value: boolean | number | string | readonly number[];
                    }[];
                    /**
                     * @description `dryRun`: writes nothing, and says of each item whether it could be written and what stands there now
                     * @default write
                     * @enum {string}
                     */
                    readonly mode?: "write" | "dryRun";
                    /**
                     * Format: password
                     * @description the system password of the switch
                     */
                    readonly password: string;
                };
            };
        };
        readonly responses: {
            /** @description Writes parameters and reads each back; one that is refused stops nothing. With `dryRun` only says what would happen */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            /**
                             * @description of a dry run: would writing change it?
                             * @enum {string}
                             */
                            readonly change?: "changes" | "same";
                            /** @enum {string} */
                            readonly code: "ok" | "unverified" | "range" | "noDevice" | "readOnly" | "wrongType" | "denied" | "unsupported" | "mismatch" | "failed" | "lost";
                            readonly id: string;
                            readonly index: number;
                            /** @description what the switch says its value is */
                            readonly value?: boolean | number | string | readonly number[];
                        }[];
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listRooms: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What the switch has told of its rooms: lamps, do not disturb, housekeeping, wake-up calls */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Room"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly commandRoom: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly switchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly classOfService?: number;
                    readonly name?: string;
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @constant */
                    readonly type: "checkIn";
                } | {
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @constant */
                    readonly type: "checkOut";
                } | {
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @description the extension of the room */
                    readonly to: string;
                    /** @constant */
                    readonly type: "move";
                } | {
                    readonly classOfService: number;
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @constant */
                    readonly type: "classOfService";
                } | {
                    /** @description local time */
                    readonly at: string;
                    /** @constant */
                    readonly repeat?: "daily";
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @constant */
                    readonly type: "wakeUp";
                } | {
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @constant */
                    readonly type: "wakeUpClear";
                } | {
                    /** @enum {string} */
                    readonly mode: "on" | "off";
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @constant */
                    readonly type: "messageLamp";
                } | {
                    /** @enum {string} */
                    readonly mode: "on" | "off";
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @constant */
                    readonly type: "doNotDisturb";
                } | {
                    readonly name: string;
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @constant */
                    readonly type: "name";
                } | {
                    /** @description the extension of the room */
                    readonly room: string;
                    /** @enum {string} */
                    readonly status: "cleanVacant" | "cleanOccupied" | "dirtyVacant" | "dirtyOccupied" | "inspected" | "outOfOrder";
                    /** @constant */
                    readonly type: "roomStatus";
                };
            };
        };
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly makeToken: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description the id of an agent */
                    readonly agentId?: string;
                    /** @enum {string} */
                    readonly numbers?: "clear" | "masked" | "hidden";
                    /** @enum {string} */
                    readonly role: "agent" | "supervisor" | "reviewer" | "admin";
                    /** @default 3600 */
                    readonly ttlS?: number;
                    /** @description the id of a user */
                    readonly userId: string;
                };
            };
        };
        readonly responses: {
            /** @description Makes a token, for programs that sign their own users in */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description epoch milliseconds */
                        readonly endsWallMs: number;
                        readonly token: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listVoice: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly from?: number;
                readonly language?: string;
                readonly limit?: number;
                readonly name?: string;
                readonly state?: "draft" | "approved" | "replaced";
                readonly to?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Sounds of the voice library with all their versions, newest first */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["VoiceFile"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly listVoiceBoxes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Voice boxes that have messages, and how many of each state */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["VoiceBox"][];
                        readonly next?: string;
                    };
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly uploadVoice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly language: string;
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "audio/basic": unknown;
                readonly "audio/vnd.wave": unknown;
                readonly "audio/wav": unknown;
                readonly "audio/x-wav": unknown;
            };
        };
        readonly responses: {
            /** @description Brings a new version of a sound, as a draft: WAV or raw µ-law, kept as 16-bit PCM of 8 kHz */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["VoiceFile"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getVoice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly language: string;
                readonly name: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One version of a sound */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["VoiceFile"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly deleteVoice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly language: string;
                readonly name: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly approveVoice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly language: string;
                readonly name: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Lets callers hear a version from now on; the one before is replaced */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["VoiceFile"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly getVoiceFile: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly language: string;
                readonly name: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Its sound; range requests are answered */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "audio/wav": unknown;
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
    readonly withdrawVoice: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly language: string;
                readonly name: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Makes a version a draft again: callers no longer hear it */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["VoiceFile"];
                };
            };
            readonly default: components["responses"]["Failure"];
        };
    };
}
