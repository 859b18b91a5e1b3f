export declare const one: number;
