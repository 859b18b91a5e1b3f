const said = <const F extends string>(file: F, text: string) => ({ en: { file: `bank/${file}`, text } });

/** What the bank says: the file of the voice library, and its words. */
export const prompts = {
  welcome: said('welcome', 'Welcome to the bank.'),
  'card.ask': said('card-ask', 'Please key in your card number and end with the hash key.'),
  'card.wrong': said('card-wrong', 'That is no card number.'),
  'pin.ask': said('pin-ask', 'Please key in your PIN of six digits.'),
  'pin.again': said('pin-again', 'Card number and PIN do not belong together. Please key in your PIN again.'),
  'pin.wrong': said('pin-wrong', 'A PIN has six digits.'),
  moment: said('moment', 'One moment, please.'),
  account: said(
    'account',
    'For your balance, press 1. To order a new card, press 2. To speak with us, press 0. To end the call, press the star key.',
  ),
  'account.wrong': said('account-wrong', 'There is no such choice.'),
  'balance.is': said('balance-is', 'Your balance is'),
  'money.minus': said('minus', 'minus'),
  'money.CNY.major': said('yuan', 'yuan'),
  'money.CNY.minor': said('fen', 'fen'),
  'order.confirm': said('order-confirm', 'A new card costs fifteen yuan. To order it, press 1. To go back, press 2.'),
  'order.number': said('order-number', 'Your card is on its way. The number of your order is'),
  'order.refused': said('order-refused', 'A card is on its way already.'),
  trouble: said('trouble', 'This cannot be done at the moment. A colleague will help you.'),
  agent: said('agent', 'You are being connected.'),
  closed: said('closed', 'Nobody can take your call at the moment. Please call again later.'),
  bye: said('bye', 'Goodbye.'),
};
