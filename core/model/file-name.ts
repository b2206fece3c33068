/** The last part of a path, of whichever system: `b.csv` of `a/b.csv` and of `a\\b.csv`. */
export const fileName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
