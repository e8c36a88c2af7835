import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { readOperations } from '../../app/operations-search.ts'
import type { Root } from '../../app/router.tsx'

/** Jobs, files, mail, the audit log and the node itself. */
export function operationsRoutes(root: Root) {
  return [...jobRoutes(root), ...fileRoutes(root), ...centreRoutes(root)] as const
}

function jobRoutes(root: Root) {
  const getParentRoute = () => root
  const validateSearch = readOperations
  return [
    createRoute({
      getParentRoute,
      path: '/jobs',
      component: lazyRouteComponent(() => import('./jobs.tsx'), 'Jobs'),
    }),
    createRoute({
      getParentRoute,
      path: '/jobs/calendar',
      validateSearch,
      component: lazyRouteComponent(() => import('./calendar.tsx'), 'JobCalendar'),
    }),
    createRoute({
      getParentRoute,
      path: '/jobs/agents',
      component: lazyRouteComponent(() => import('./agents.tsx'), 'Agents'),
    }),
    createRoute({
      getParentRoute,
      path: '/jobs/sessions',
      validateSearch,
      component: lazyRouteComponent(() => import('./sessions.tsx'), 'Sessions'),
    }),
    createRoute({
      getParentRoute,
      path: '/jobs/of/$job',
      validateSearch,
      component: lazyRouteComponent(() => import('./job.tsx'), 'JobPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/jobs/new',
      component: lazyRouteComponent(() => import('./job-edit.tsx'), 'NewJob'),
    }),
    createRoute({
      getParentRoute,
      path: '/jobs/rest',
      component: lazyRouteComponent(() => import('./rest.tsx'), 'Rest'),
    }),
    createRoute({
      getParentRoute,
      path: '/jobs/of/$job/edit',
      component: lazyRouteComponent(() => import('./job-edit.tsx'), 'ChangeJob'),
    }),
    createRoute({
      getParentRoute,
      path: '/jobs/runs/$run',
      component: lazyRouteComponent(() => import('./run.tsx'), 'RunPage'),
    }),
  ] as const
}

function fileRoutes(root: Root) {
  const getParentRoute = () => root
  const validateSearch = readOperations
  return [
    createRoute({
      getParentRoute,
      path: '/files',
      validateSearch,
      component: lazyRouteComponent(() => import('./files.tsx'), 'Files'),
    }),
    createRoute({
      getParentRoute,
      path: '/files/folders',
      validateSearch,
      component: lazyRouteComponent(() => import('./folders.tsx'), 'Folders'),
    }),
    createRoute({
      getParentRoute,
      path: '/files/transfers',
      validateSearch,
      component: lazyRouteComponent(() => import('./transfers.tsx'), 'Transfers'),
    }),
    createRoute({
      getParentRoute,
      path: '/files/places',
      component: lazyRouteComponent(() => import('./places.tsx'), 'Places'),
    }),
    createRoute({
      getParentRoute,
      path: '/files/$intake',
      validateSearch,
      component: lazyRouteComponent(() => import('./intake.tsx'), 'IntakePage'),
    }),
    createRoute({
      getParentRoute,
      path: '/held',
      validateSearch,
      component: lazyRouteComponent(() => import('./held.tsx'), 'Held'),
    }),
  ] as const
}

function centreRoutes(root: Root) {
  const getParentRoute = () => root
  const validateSearch = readOperations
  return [
    createRoute({
      getParentRoute,
      path: '/mails',
      validateSearch,
      component: lazyRouteComponent(() => import('./mails.tsx'), 'Mails'),
    }),
    createRoute({
      getParentRoute,
      path: '/messages',
      validateSearch,
      component: lazyRouteComponent(() => import('./messages.tsx'), 'Messages'),
    }),
    createRoute({
      getParentRoute,
      path: '/messages/questions',
      validateSearch,
      component: lazyRouteComponent(() => import('./work-items.tsx'), 'WorkItems'),
    }),
    createRoute({
      getParentRoute,
      path: '/audit',
      validateSearch,
      component: lazyRouteComponent(() => import('./audit.tsx'), 'Audit'),
    }),
    createRoute({
      getParentRoute,
      path: '/system',
      component: lazyRouteComponent(() => import('./system.tsx'), 'SystemPage'),
    }),
  ] as const
}
