import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

interface PartnersSearch {
  readonly text?: string
}

function readPartnersSearch({ text }: Readonly<Record<string, unknown>>): PartnersSearch {
  return typeof text === 'string' && text !== '' ? { text: text.slice(0, 100) } : {}
}

/** Addresses of the pages about partners, their people, and one's own account. */
export function peopleRoutes<R extends AnyRoute>(root: R) {
  const getParentRoute = () => root
  const partners = createRoute({
    getParentRoute,
    path: '/partners',
    validateSearch: readPartnersSearch,
    component: lazyRouteComponent(() => import('./partners.tsx'), 'Partners'),
  })
  const partner = createRoute({
    getParentRoute,
    path: '/partners/$partner',
    component: lazyRouteComponent(() => import('./partner.tsx'), 'PartnerPage'),
  })
  const invite = createRoute({
    getParentRoute,
    path: '/partners/$partner/invite',
    component: lazyRouteComponent(() => import('./invite.tsx'), 'InvitePage'),
  })
  const office = createRoute({
    getParentRoute,
    path: '/organisation',
    component: lazyRouteComponent(() => import('./partner.tsx'), 'OfficePage'),
  })
  const account = createRoute({
    getParentRoute,
    path: '/accounts/$name',
    component: lazyRouteComponent(() => import('./account.tsx'), 'AccountPage'),
  })
  const providers = createRoute({
    getParentRoute,
    path: '/identity-providers',
    component: lazyRouteComponent(() => import('./providers.tsx'), 'ProvidersPage'),
  })
  const own = createRoute({
    getParentRoute,
    path: '/account',
    component: lazyRouteComponent(() => import('../account/own-account.tsx'), 'OwnAccount'),
  })
  return [partners, partner, invite, office, account, providers, own] as const
}
