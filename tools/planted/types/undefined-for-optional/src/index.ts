export const box: { readonly a?: number } = { a: undefined };
