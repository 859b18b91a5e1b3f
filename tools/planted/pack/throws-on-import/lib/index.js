export const one = document.title;
