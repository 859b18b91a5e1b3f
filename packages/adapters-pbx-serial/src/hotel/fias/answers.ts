/** What an answer status (`AS`) of a posting means for it. */
export type PostingVerdict =
  /** It stands on the guest's bill. */
  | 'posted'
  /** Not now: the same posting, with the same number, again later. */
  | 'again'
  /** Never: a person has to look at it. */
  | 'refused';

/** Answer statuses, with what they mean for a posting. Source: answer status table of the public FIAS specification. */
export const ANSWER_STATUSES: Readonly<Record<string, { readonly text: string; readonly verdict: PostingVerdict }>> = {
  OK: { text: 'done', verdict: 'posted' },
  RY: { text: 'try again', verdict: 'again' },
  NA: { text: 'night audit', verdict: 'again' },
  BY: { text: 'busy', verdict: 'again' },
  NR: { text: 'no response', verdict: 'again' },
  UR: { text: 'cannot be carried out', verdict: 'refused' },
  NG: { text: 'guest not found', verdict: 'refused' },
  NP: { text: 'no postings for this guest', verdict: 'refused' },
  CO: { text: 'over the credit limit', verdict: 'refused' },
  DN: { text: 'denied', verdict: 'refused' },
  IA: { text: 'invalid account', verdict: 'refused' },
  FX: { text: 'guest not allowed this feature', verdict: 'refused' },
  NF: { text: 'feature not enabled', verdict: 'refused' },
  NM: { text: 'message not found', verdict: 'refused' },
  DM: { text: 'totals differ', verdict: 'refused' },
  BM: { text: 'balance differs', verdict: 'refused' },
  CD: { text: 'check-out date is not today', verdict: 'refused' },
  DE: { text: 'deleted', verdict: 'refused' },
};

/** The verdict of a status; one that is not known is `refused`: repeating what is not understood could post twice. */
export function verdictOf(status: string): PostingVerdict {
  return Object.hasOwn(ANSWER_STATUSES, status) ? (ANSWER_STATUSES[status]?.verdict ?? 'refused') : 'refused';
}
