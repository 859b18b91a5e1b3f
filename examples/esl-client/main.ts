import { callAndPlay } from './call.js';

const [dial = 'user/1000', file = 'ivr/ivr-welcome_to_freeswitch.wav'] = process.argv.slice(2);
const { ESL_HOST: host = '127.0.0.1', ESL_PORT: port = '8021', ESL_PASSWORD: password = 'ClueCon' } = process.env;
try {
  console.log(await callAndPlay({ host, port: Number(port), password, dial, file }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
