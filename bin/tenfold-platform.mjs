#!/usr/bin/env node
// The platform without a drill, as `npm run platform --` of a checkout.
await import('../src/cli/platform.js');
