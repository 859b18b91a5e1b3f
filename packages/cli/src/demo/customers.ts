/** A customer of the sample ERP. */
export interface Customer {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly company: string;
  readonly city: { readonly en: string; readonly zh: string };
  readonly since: string;
  readonly open: string;
  readonly last: string;
  readonly note: { readonly en: string; readonly zh: string };
}

/** Invented people; the numbers are of ranges that look right and belong to the demo alone. */
export const CUSTOMERS: readonly Customer[] = [
  {
    id: 'C-1001',
    number: '+8613900000001',
    name: '李伟 Li Wei',
    company: 'Weilan Trading',
    city: { en: 'Beijing', zh: '北京' },
    since: '2019',
    open: '2',
    last: 'A-2210',
    note: { en: 'Prefers to be called after three', zh: '请在下午三点后联系' },
  },
  {
    id: 'C-1002',
    number: '+8613900000002',
    name: '王芳 Wang Fang',
    company: 'Fang Home Textiles',
    city: { en: 'Hangzhou', zh: '杭州' },
    since: '2021',
    open: '0',
    last: 'A-2198',
    note: { en: 'Pays within a week', zh: '一周内付款' },
  },
  {
    id: 'C-1003',
    number: '+8613900000003',
    name: 'Marta Nowak',
    company: 'Nowak & Sons',
    city: { en: 'Gdańsk', zh: '格但斯克' },
    since: '2017',
    open: '5',
    last: 'A-2231',
    note: { en: 'Speaks English and Polish', zh: '讲英语和波兰语' },
  },
  {
    id: 'C-1004',
    number: '+8613900000004',
    name: '张敏 Zhang Min',
    company: 'Min Optics',
    city: { en: 'Shenzhen', zh: '深圳' },
    since: '2023',
    open: '1',
    last: 'A-2225',
    note: { en: 'Asked for a visit in spring', zh: '希望春季上门拜访' },
  },
];

/** The customer of a number, compared digit by digit. */
export function customerOf(number: string): Customer | undefined {
  const digits = number.replace(/\D/gu, '');
  if (digits === '') return undefined;
  return CUSTOMERS.find((customer) => customer.number.replace(/\D/gu, '') === digits);
}
