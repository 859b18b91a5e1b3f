/** The program of the database's thread. Both `src` and `dist` lie one folder below the package's own. */
export const SQL_THREAD = new URL('../worker/sql-thread.mjs', import.meta.url);
