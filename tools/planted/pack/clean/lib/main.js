#!/usr/bin/env node
console.log('1.0.0');
