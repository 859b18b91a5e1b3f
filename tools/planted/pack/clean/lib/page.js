var Page = (() => ({ one: 1 }))();
