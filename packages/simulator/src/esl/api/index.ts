import type { ApiTable } from './api.js';
import { CHANNEL_API } from './channels.js';
import { conferenceApi } from './conference.js';
import { recordApi } from './record.js';
import { SYSTEM_API } from './system.js';

/** All API commands but those that need the face itself. */
export const API: ApiTable = { ...SYSTEM_API, ...CHANNEL_API, conference: conferenceApi, uuid_record: recordApi };
