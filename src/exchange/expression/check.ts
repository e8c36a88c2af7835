import { Environment } from '@marcbachmann/cel-js'
import type { Field } from '../definition.ts'
import { ExpressionError } from './expression-error.ts'
import { asExpressionError, PARSE_LIMITS, parseExpression } from './parse.ts'
import { pathOfIt, type Scope } from './scope.ts'
import { typesOf } from './typing.ts'

export { readsOf } from './reads.ts'
export type { Scope } from './scope.ts'

export type Checked =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly offset: number }

/**
 * Checks a CEL expression of a definition: syntax, that every field, list and function it names exists, that
 * the types fit together, that the result is true or false, and that no record can make it slow.
 */
export function checkExpression(text: string, scope: Scope): Checked {
  return checked(text, scope, (kind) => kind === 'bool', 'The expression must be true or false.')
}

/** Checks an expression whose value is taken: a text, a number, true or false. */
export function checkValue(text: string, scope: Scope): Checked {
  const single = (kind: string) => kind !== 'group' && kind !== 'list' && kind !== 'nothing'
  return checked(text, scope, single, 'The expression must give one value.')
}

function checked(text: string, scope: Scope, fits: (kind: string) => boolean, wrong: string): Checked {
  try {
    const ast = parseExpression(text)
    const types = typesOf(ast, scope)
    const result = environmentOf(scope).check(text)
    if (!result.valid) throw asExpressionError(result.error)
    if (!fits(types.get(ast)?.kind ?? 'nothing')) throw new ExpressionError(wrong, 0)
    return { ok: true }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return { ok: false, message: error.message, offset: error.offset }
  }
}

/** cel-js with the record's fields as declared types and our functions, which are checked, never run. */
function environmentOf(scope: Scope): Environment {
  const environment = new Environment({ limits: PARSE_LIMITS })
  declareFunctions(environment)
  declareGroup(environment, rootType, scope.fields)
  environment.registerVariable('record', rootType).registerVariable('today', 'string')
  const path = pathOfIt(scope)
  environment.registerVariable('it', [rootType, ...path].join('.'))
  if (path.length > 0) environment.registerVariable('parent', [rootType, ...path.slice(0, -1)].join('.'))
  if (scope.needs === 'current') environment.registerVariable('current', rootType)
  return environment
}

const rootType = 'Record'

function declareGroup(environment: Environment, name: string, fields: readonly Field[]): void {
  const types: Record<string, string> = {}
  for (const field of fields) {
    const type = field.type === 'group' ? `${name}.${field.name}` : scalarType(field)
    if (field.type === 'group') declareGroup(environment, type, field.fields)
    types[field.name] = field.many ? `list<${type}>` : type
  }
  environment.registerType(name, { fields: types })
}

function scalarType(field: Field): string {
  if (field.type === 'boolean') return 'bool'
  return field.type === 'integer' || field.type === 'decimal' ? 'double' : 'string'
}

/** Numbers of both kinds may be mixed: a whole number in a rule is written without a point. */
const mixedOperators = [
  'double == int',
  'double + int: double',
  'int + double: double',
  'double - int: double',
  'int - double: double',
  'double * int: double',
  'int * double: double',
  'double / int: double',
  'int / double: double',
  'double in list<int>',
  'int in list<double>',
]

const functions = [
  'matchesRe(string, string): bool',
  'inList(string, string): bool',
  'daysBetween(string, string): int',
  'yearOf(string): int',
  'addDays(string, int): string',
  'addDays(string, double): string',
  'raw(string): string',
]

function declareFunctions(environment: Environment): void {
  const never = () => {
    throw new Error('expressions are compiled, not interpreted')
  }
  for (const signature of functions) environment.registerFunction(signature, never)
  for (const signature of mixedOperators) environment.registerOperator(signature, never)
}
