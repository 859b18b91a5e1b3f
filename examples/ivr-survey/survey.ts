import { defineIvr, END, hangup, levels, queue, survey, tapered } from '@cordboard/ivr-dsl';

/** What a survey asks, so that each site has its own scale. */
export interface Scale {
  /** The best score; the worst is 1. At most 9. */
  readonly best: number;
  /** The question as it is said, with the keys in it. */
  readonly question: { readonly zh: string; readonly en: string };
}

/** One question after a call: the caller is put into it when the agent has hung up (`survey: 'satisfaction'` of the queue). */
export function satisfaction({ best, question }: Scale) {
  return defineIvr(
    {
      id: 'satisfaction',
      languages: ['zh', 'en'],
      prompts: {
        question: {
          zh: { file: 'survey/question-zh', text: question.zh },
          en: { file: 'survey/question-en', text: question.en },
        },
        again: {
          zh: { file: 'survey/again-zh', text: '没有收到您的评价。' },
          en: { file: 'survey/again-en', text: 'There was no answer.' },
        },
        wrong: {
          zh: { file: 'survey/wrong-zh', text: '输入有误。' },
          en: { file: 'survey/wrong-en', text: 'There is no such score.' },
        },
        thanks: {
          zh: { file: 'survey/thanks-zh', text: '感谢您的评价,再见。' },
          en: { file: 'survey/thanks-en', text: 'Thank you. Goodbye.' },
        },
        bye: { zh: { file: 'survey/bye-zh', text: '再见。' }, en: { file: 'survey/bye-en', text: 'Goodbye.' } },
      },
      bounds: { max: '2m', depth: 1 },
    },
    {
      start: survey('satisfaction', {
        say: 'question',
        levels: levels(1, best),
        noInputSay: 'again',
        noMatchSay: tapered('wrong', ['wrong', 'again']),
        thanks: 'thanks',
        next: END,
        skipped: hangup({ say: 'bye' }),
      }),
    },
  );
}

export const fiveLevels = satisfaction({
  best: 5,
  question: {
    zh: '请为本次服务评分:非常满意请按5,满意请按4,一般请按3,不满意请按2,非常不满意请按1。',
    en: 'How satisfied are you? Very satisfied: press 5. Satisfied: press 4. So so: press 3. Not satisfied: press 2. Not at all: press 1.',
  },
});

/** What callers meet first. */
export const front = defineIvr(
  {
    id: 'front',
    languages: ['zh', 'en'],
    prompts: {
      welcome: {
        zh: { file: 'survey/welcome-zh', text: '您好,正在为您转接客服。' },
        en: { file: 'survey/welcome-en', text: 'Welcome. You are being connected.' },
      },
      busy: {
        zh: { file: 'survey/busy-zh', text: '客服忙,请稍后再拨。' },
        en: { file: 'survey/busy-en', text: 'Everybody is busy. Please call again later.' },
      },
    },
    queues: ['support'],
  },
  { start: queue('support', { say: 'welcome', overflowAfter: '3m', overflow: hangup({ say: 'busy' }) }) },
);
