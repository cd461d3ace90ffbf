// A rule for oxlint: code that a selector of the syntax tree finds is refused with our own message.
// Options: { selector, message }, as many as wanted. Selectors: https://github.com/estools/esquery.
const restrictedSyntax = {
  meta: { type: 'problem', schema: { type: 'array', items: { type: 'object' } } },
  create(context) {
    const refuse = ({ selector, message }) => [selector, (node) => context.report({ node, message })];
    return Object.fromEntries(context.options.map(refuse));
  },
};

export default { meta: { name: 'credit-mart' }, rules: { 'restricted-syntax': restrictedSyntax } };
