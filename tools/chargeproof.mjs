#!/usr/bin/env node
// `npx chargeproof …` from the checkout.
import './launch.mjs';
