import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
  stripSearchParams,
} from '@tanstack/react-router'
import { Skeleton } from '../components/states.tsx'
import { exchangeRoutes } from '../pages/exchanges/routes.ts'
import { operationsRoutes } from '../pages/operations/routes.ts'
import { peopleRoutes } from '../pages/people/routes.ts'
import { readEnter, readEnterRecord, readFix, readFixRecord } from './forms-search.ts'
import { Broken, Missing } from './lost.tsx'
import { type RealmSearch, readRealm, readSubmissionFilters } from './search.ts'
import { readAsOf, readDuplicateFilters, readQualityFilters, readRecordFilters } from './search-records.ts'
import { Shell } from './shell.tsx'

/** Addresses of the console. Each page is a part of its own, fetched when it is first opened. */

export const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({
  validateSearch: readRealm,
  // Whoever looks at test data goes on looking at test data.
  search: {
    middlewares: [
      retainSearchParams<RealmSearch>(['realm']),
      stripSearchParams<RealmSearch>({ realm: 'live' }),
    ],
  },
  component: Shell,
  notFoundComponent: Missing,
})

/** Parent of the routes that a group of pages brings. */
export type Root = typeof root

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/home/home.tsx'), 'Home'),
})

const submissions = createRoute({
  getParentRoute: () => root,
  path: '/submissions',
  validateSearch: readSubmissionFilters,
  component: lazyRouteComponent(() => import('../pages/submissions/submissions.tsx'), 'Submissions'),
})

const submission = createRoute({
  getParentRoute: () => root,
  path: '/submissions/$tracking',
  component: lazyRouteComponent(() => import('../pages/submission/submission.tsx'), 'SubmissionPage'),
})

const submit = createRoute({
  getParentRoute: () => root,
  path: '/submit',
  component: lazyRouteComponent(() => import('../pages/submit/submit.tsx'), 'Submit'),
})

const enter = createRoute({
  getParentRoute: () => root,
  path: '/enter',
  validateSearch: readEnter,
  component: lazyRouteComponent(() => import('../pages/enter/enter.tsx'), 'Enter'),
})

const enterRecord = createRoute({
  getParentRoute: () => root,
  path: '/enter/$exchange/$type',
  validateSearch: readEnterRecord,
  component: lazyRouteComponent(() => import('../pages/enter/enter-record.tsx'), 'EnterRecord'),
})

const fix = createRoute({
  getParentRoute: () => root,
  path: '/fix',
  validateSearch: readFix,
  component: lazyRouteComponent(() => import('../pages/fix/fix.tsx'), 'Fix'),
})

const fixRecord = createRoute({
  getParentRoute: () => root,
  path: '/fix/$exchange/$type/$id',
  validateSearch: readFixRecord,
  component: lazyRouteComponent(() => import('../pages/fix/fix-record.tsx'), 'FixRecord'),
})

const records = createRoute({
  getParentRoute: () => root,
  path: '/records',
  validateSearch: readRecordFilters,
  component: lazyRouteComponent(() => import('../pages/records/records.tsx'), 'Records'),
})

const record = createRoute({
  getParentRoute: () => root,
  path: '/records/$exchange/$type/$id',
  validateSearch: readAsOf,
  component: lazyRouteComponent(() => import('../pages/record/record.tsx'), 'RecordPage'),
})

const editRecord = createRoute({
  getParentRoute: () => root,
  path: '/records/$exchange/$type/$id/edit',
  component: lazyRouteComponent(() => import('../pages/record/edit-record.tsx'), 'EditRecord'),
})

const quality = createRoute({
  getParentRoute: () => root,
  path: '/quality',
  validateSearch: readQualityFilters,
  component: lazyRouteComponent(() => import('../pages/quality/quality.tsx'), 'Quality'),
})

const duplicates = createRoute({
  getParentRoute: () => root,
  path: '/duplicates',
  validateSearch: readDuplicateFilters,
  component: lazyRouteComponent(() => import('../pages/duplicates/duplicates.tsx'), 'Duplicates'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    submissions,
    submission,
    submit,
    enter,
    enterRecord,
    fix,
    fixRecord,
    ...peopleRoutes(root),
    records,
    record,
    editRecord,
    quality,
    duplicates,
    ...exchangeRoutes(root),
    ...operationsRoutes(root),
  ]),
  context: { queries: undefined as unknown as QueryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: Skeleton,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
