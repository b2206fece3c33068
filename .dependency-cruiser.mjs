import { ARROW_RULES } from './scripts/arrow-rules.ts';

export default {
  forbidden: ARROW_RULES,
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(tests/fixtures|web/dist|node_modules/.cache)/' },
    builtInModules: { add: ['node:sqlite'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      conditionNames: ['node', 'import', 'types', 'default'],
    },
  },
};
