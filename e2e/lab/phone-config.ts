import { join } from 'node:path';

/** The configuration file of one baresip: only loopback, sound from a file, nothing that sounds anywhere. */
export function config(values: {
  readonly dir: string;
  readonly sipPort: number;
  readonly controlPort: number;
}): string {
  return `${[
    'poll_method epoll',
    'net_interface 127.0.0.1',
    `sip_listen 127.0.0.1:${values.sipPort}`,
    'call_local_timeout 300',
    'call_max_calls 4',
    'call_hold_other_calls yes',
    'audio_path /nonexistent',
    `audio_source aufile,${join(values.dir, 'voice.wav')}`,
    'audio_player aubridge,ear',
    'audio_alert aubridge,bell',
    'ausrc_srate 8000',
    'auplay_srate 8000',
    'ausrc_channels 1',
    'auplay_channels 1',
    'audio_buffer 20-160',
    // Its own choice reaches into the ports of the switch, of `freePort` and of the kernel.
    'rtp_ports 2048-9999',
    'rtp_tos 0',
    'rtp_stats no',
    'module_path /usr/lib/baresip/modules',
    'module g711.so',
    'module aufile.so',
    'module aubridge.so',
    'module_tmp uuid.so',
    'module_tmp account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${values.controlPort}`,
    'ring_aufile none',
    'redial_attempts 0',
    'statmode_default off',
  ].join('\n')}\n`;
}
