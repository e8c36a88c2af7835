import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { root } from '../../app/router.tsx'

/** The pages of exchanges. What narrows them stands in their addresses. */

interface Narrowed {
  readonly type?: string
  readonly text?: string
}

type Given = Readonly<Record<string, unknown>>

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value).slice(0, 100) || undefined
    : undefined
}

function readNarrowed(given: Given): Narrowed {
  const [type, words] = [text(given.type), text(given.text)]
  return { ...(type === undefined ? {} : { type }), ...(words === undefined ? {} : { text: words }) }
}

export function exchangeRoutes(parent: typeof root) {
  const getParentRoute = () => parent
  const list = createRoute({
    getParentRoute,
    path: '/exchanges',
    component: lazyRouteComponent(() => import('./exchanges.tsx'), 'Exchanges'),
  })
  const overview = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange',
    component: lazyRouteComponent(() => import('./overview.tsx'), 'ExchangeOverview'),
  })
  const fields = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/fields',
    validateSearch: readNarrowed,
    component: lazyRouteComponent(() => import('./fields.tsx'), 'ExchangeFields'),
  })
  const rules = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/rules',
    validateSearch: (given: Given): Narrowed & { readonly severity?: string } => {
      const severity = text(given.severity)
      return { ...readNarrowed(given), ...(severity === undefined ? {} : { severity }) }
    },
    component: lazyRouteComponent(() => import('./rules.tsx'), 'ExchangeRules'),
  })
  const codes = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/codes',
    component: lazyRouteComponent(() => import('./codes.tsx'), 'ExchangeCodes'),
  })
  const codeList = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/codes/$list',
    validateSearch: (given: Given): { readonly text?: string; readonly after?: string } => {
      const [words, after] = [text(given.text), text(given.after)]
      return { ...(words === undefined ? {} : { text: words }), ...(after === undefined ? {} : { after }) }
    },
    component: lazyRouteComponent(() => import('./code-list.tsx'), 'CodeListPage'),
  })
  const lifecycle = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/lifecycle',
    component: lazyRouteComponent(() => import('./lifecycle.tsx'), 'ExchangeLifecycle'),
  })
  const downloads = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/downloads',
    component: lazyRouteComponent(() => import('./downloads.tsx'), 'ExchangeDownloads'),
  })
  const crosswalks = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/crosswalks',
    validateSearch: (given: Given): { readonly name?: string; readonly partner?: string } => {
      const [name, partner] = [text(given.name), text(given.partner)]
      return { ...(name === undefined ? {} : { name }), ...(partner === undefined ? {} : { partner }) }
    },
    component: lazyRouteComponent(() => import('./crosswalks.tsx'), 'ExchangeCrosswalks'),
  })
  const tried = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/try',
    component: lazyRouteComponent(() => import('./try-rule.tsx'), 'TryRule'),
  })
  const versions = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/versions',
    component: lazyRouteComponent(() => import('./candidates.tsx'), 'ExchangeCandidates'),
  })
  const version = createRoute({
    getParentRoute,
    path: '/exchanges/$exchange/versions/$candidate',
    validateSearch: (given: Given): { readonly after?: string } => {
      const after = text(given.after)
      return after === undefined ? {} : { after }
    },
    component: lazyRouteComponent(() => import('./candidate.tsx'), 'CandidatePage'),
  })
  return [
    list,
    overview,
    fields,
    rules,
    codes,
    codeList,
    lifecycle,
    downloads,
    crosswalks,
    tried,
    versions,
    version,
  ] as const
}
