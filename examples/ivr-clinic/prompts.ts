/** Said before anybody has chosen a language: one file speaks both. */
const choose = { file: 'clinic/choose', text: '中文请按1。 For English, press 2.' };

/** What the clinic says: the file of the voice library, and its words. The checker holds the keys in them against those of the menus. */
export const prompts = {
  choose: { zh: choose, en: choose },
  front: {
    zh: { file: 'clinic/front-zh', text: '预约挂号请按1,咨询护士请按2,更换语言请按*。' },
    en: {
      file: 'clinic/front-en',
      text: 'For an appointment, press 1. For the nurse, press 2. For another language, press star.',
    },
  },
  wrong: {
    zh: { file: 'clinic/wrong-zh', text: '输入有误。' },
    en: { file: 'clinic/wrong-en', text: 'That was not understood.' },
  },
  wait: {
    zh: { file: 'clinic/wait-zh', text: '请稍候,马上为您接通。' },
    en: { file: 'clinic/wait-en', text: 'One moment, please.' },
  },
  busy: {
    zh: { file: 'clinic/busy-zh', text: '现在来电较多。需要我们回电请按1,留言请按2。' },
    en: { file: 'clinic/busy-en', text: 'Everybody is busy. To be called back, press 1. To leave a message, press 2.' },
  },
  willCall: {
    zh: { file: 'clinic/will-call-zh', text: '我们会尽快给您回电。再见。' },
    en: { file: 'clinic/will-call-en', text: 'We will call you back soon. Goodbye.' },
  },
  closed: {
    zh: { file: 'clinic/closed-zh', text: '您好,现在是休息时间。急诊请拨打120。' },
    en: { file: 'clinic/closed-en', text: 'The clinic is closed. In an emergency, call 120.' },
  },
  message: {
    zh: { file: 'clinic/message-zh', text: '请在提示音后留言,按井号键结束。' },
    en: { file: 'clinic/message-en', text: 'Please leave a message after the tone and end it with the hash key.' },
  },
  review: {
    zh: { file: 'clinic/review-zh', text: '收听留言请按1,重新录音请按2,保存请按3。' },
    en: {
      file: 'clinic/review-en',
      text: 'To listen to it, press 1. To record it again, press 2. To keep it, press 3.',
    },
  },
  contact: {
    zh: { file: 'clinic/contact-zh', text: '请输入您的联系电话,按井号键结束。' },
    en: {
      file: 'clinic/contact-en',
      text: 'Please key in a number where we can reach you, and end with the hash key.',
    },
  },
  kept: {
    zh: { file: 'clinic/kept-zh', text: '留言已保存。' },
    en: { file: 'clinic/kept-en', text: 'Your message is kept.' },
  },
  bye: { zh: { file: 'clinic/bye-zh', text: '再见。' }, en: { file: 'clinic/bye-en', text: 'Goodbye.' } },
};
