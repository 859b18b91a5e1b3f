import {
  checkIvr,
  collect,
  defineIvr,
  digits,
  END,
  fromJson,
  hangup,
  play,
  returns,
  subflow,
  toJson,
} from '@cordboard/ivr-dsl';

const prompts = { 'pin.ask': 'pin/ask', 'pin.wrong': 'pin/wrong', 'order.is': 'order/is' };

export const pin = defineIvr(
  { id: 'pin', languages: ['zh'], prompts },
  {
    start: collect('pin', {
      say: 'pin.ask',
      min: 4,
      max: 6,
      pattern: '\\d{4,6}',
      masked: true,
      noMatchSay: 'pin.wrong',
      next: returns('given'),
      noInput: returns('refused'),
      noMatch: returns('refused'),
    }),
  },
);

export const order = defineIvr(
  { id: 'order', languages: ['zh'], prompts },
  {
    // The compiler asks for an edge for each of the results of `pin`, and for no other.
    start: subflow(pin, { results: { given: 'tell', refused: hangup() }, otherwise: END }),
    tell: play({ say: ['order.is', digits('call.number')], loop: 2, bargeIn: true, next: END }),
  },
);

export const findings = checkIvr(order, { flows: [order, pin] }); // []
export const same = fromJson(toJson(order)); // equal to order, its version included
