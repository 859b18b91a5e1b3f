import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { LinkLife } from './link-life.js';

describe('LinkLife', () => {
  it('ends what was begun in a life with it, and nothing of the next', () => {
    const clock = new SimulatedClock();
    const life = new LinkLife({ clock });
    const ran: string[] = [];
    life.begin();
    const first = life.signal;
    life.later(100, () => ran.push('first'));
    life.end();
    life.end();
    expect(first.aborted).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    life.begin();
    life.later(100, () => ran.push('second'));
    expect(life.signal.aborted).toBe(false);
    clock.advance(100);
    expect(ran).toEqual(['second']);
  });

  it('cancels one timer, before and after its time', () => {
    const clock = new SimulatedClock();
    const life = new LinkLife({ clock });
    const ran: string[] = [];
    const cancel = life.later(100, () => ran.push('cancelled'));
    const late = life.later(100, () => ran.push('ran'));
    cancel();
    clock.advance(100);
    late();
    expect(ran).toEqual(['ran']);
    expect(clock.pendingTimers).toBe(0);
  });
});
