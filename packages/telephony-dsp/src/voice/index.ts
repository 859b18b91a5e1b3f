export { createVoice, type VoiceOptions } from './voice.js';
