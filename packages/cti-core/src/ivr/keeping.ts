import { asId, type IvrNode, type RecordingId } from '../contract/index.js';
import { callableNumber, contactNumber } from './caller-number.js';
import type { Onward, Run } from './run.js';
import { variable } from './variables.js';

/** A node that writes something down beside the call's own record. */
export type KeepingNode = Extract<IvrNode, { type: 'message' | 'score' | 'callback' }>;

/** Most digits of a survey's answer. */
const SCORE = /^-?\d{1,9}$/;

/** Keeps what the node is for. What is not there, or is none, is not kept, and the flow goes on all the same. */
export function keepsake(run: Run, node: KeepingNode): Onward {
  const { variables } = run.state;
  const { dialPlan, context } = run.world;
  switch (node.type) {
    case 'message': {
      const id = variable(variables, node.variable);
      if (id === '') return node.next;
      const recordingId = asId<RecordingId>(id);
      if (node.does === 'discard') run.actions.push({ type: 'keep', what: { kind: 'discard', recordingId } });
      else {
        const text = node.contact === undefined ? context.callerNumber : variable(variables, node.contact);
        const number = contactNumber(text, dialPlan);
        if (number !== undefined) run.actions.push({ type: 'keep', what: { kind: 'contact', recordingId, number } });
      }
      return node.next;
    }
    case 'score': {
      const text = variable(variables, node.variable);
      if (SCORE.test(text)) {
        run.actions.push({ type: 'keep', what: { kind: 'score', survey: node.survey, score: Number(text) } });
      }
      return node.next;
    }
    case 'callback': {
      const text = node.variable === undefined ? context.callerNumber : variable(variables, node.variable);
      const number = callableNumber(text, dialPlan);
      if (number === undefined) return node.refused;
      run.actions.push({ type: 'keep', what: { kind: 'callback', queue: node.queue, number } });
      return node.next;
    }
  }
}
