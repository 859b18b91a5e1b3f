import { callAndPlay } from './call.js';

const [dial = 'user/1000', file = 'ivr/ivr-welcome_to_freeswitch.wav'] = process.argv.slice(2);
console.log(await callAndPlay({ password: process.env.ESL_PASSWORD ?? 'ClueCon', dial, file }));
