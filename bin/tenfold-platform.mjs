#!/usr/bin/env node
// The pocket region, as `npm run platform --` of a checkout.
await import('../infra-under-test/region/main.js');
