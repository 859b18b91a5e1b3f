import {
  BACK,
  callback,
  defineIvr,
  hangup,
  hours,
  language,
  menu,
  mode,
  play,
  queue,
  voicemail,
} from '@cordboard/ivr-dsl';
import { prompts } from './prompts.js';

/**
 * The line of a clinic in two languages. By day callers wait for the desk or the nurse; at night, on holidays, and while somebody has switched the house to
 * `night` by hand, they leave a message.
 */
export const clinic = defineIvr(
  {
    id: 'clinic',
    languages: ['zh', 'en'],
    prompts,
    hours: {
      office: {
        calendar: 'clinic',
        open: [
          { weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '12:00' },
          { weekdays: [1, 2, 3, 4, 5], from: '13:30', to: '17:30' },
          { weekdays: [6], from: '09:00', to: '12:00' },
        ],
      },
    },
    queues: ['desk', 'nurse'],
    modes: { house: ['byHours', 'night'] },
    bounds: { max: '15m', depth: 5 },
  },
  {
    start: menu({
      say: 'choose',
      tries: 1,
      keys: { 1: language('zh', { next: 'house' }), 2: language('en', { next: 'house' }) },
      noInput: 'house',
      noMatch: 'house',
    }),
    house: mode('house', { ways: { byHours: 'hours', night: 'closed' }, otherwise: 'hours' }),
    hours: hours('office', { open: 'front', closed: 'closed' }),
    front: menu({
      say: 'front',
      keys: { 1: 'desk', 2: 'nurse', '*': BACK },
      noMatchSay: 'wrong',
      noInput: 'desk',
      noMatch: 'desk',
    }),
    desk: queue('desk', { say: 'wait', overflowAfter: '3m', overflow: 'busy' }),
    nurse: queue('nurse', { say: 'wait', overflowAfter: '2m', overflow: 'busy' }),
    busy: menu({
      say: 'busy',
      keys: { 1: callback('desk', { next: hangup({ say: 'willCall' }), refused: 'message' }), 2: 'message' },
      noMatchSay: 'wrong',
      noInput: 'message',
      noMatch: 'message',
    }),
    closed: play({ say: 'closed', next: 'message' }),
    message: voicemail('clinic', {
      greeting: 'message',
      max: '3m',
      review: { say: 'review' },
      contact: { say: 'contact', pattern: '\\d{7,12}', noMatchSay: 'wrong' },
      keptSay: 'kept',
      next: 'bye',
      empty: 'bye',
      failed: 'bye',
    }),
    bye: hangup({ say: 'bye' }),
  },
);
