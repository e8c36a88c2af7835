import type { Ports } from '../channel/rest/ports.ts'
import type { RunDeps } from '../run/deps.ts'
import { createCandidatePorts } from './candidate-ports.ts'
import { createCodePorts } from './code-ports.ts'
import { createCodeTablePorts } from './code-table-ports.ts'
import type { LiveDefinitions } from './definitions.ts'
import { createRuleTrial } from './rule-trial.ts'
import { createRulesPorts } from './rules-ports.ts'

/** What is done with definitions, and with the lists and rules that go with them. */
export function createDefinitionPorts(
  deps: RunDeps & { readonly definitions: LiveDefinitions },
): Pick<Ports, 'definitions' | 'candidates' | 'codes' | 'codeTables' | 'rules' | 'ruleTrial'> {
  const codes = createCodePorts(deps)
  const rules = createRulesPorts(deps)
  return {
    definitions: deps.definitions,
    candidates: createCandidatePorts(deps),
    codes,
    codeTables: createCodeTablePorts({ ...deps, codes, rules }),
    rules,
    ruleTrial: createRuleTrial(deps),
  }
}
