// Before anything is painted: what was chosen the last time, else what the system prefers.
const chosen = localStorage.getItem('chargeproof-theme');
if (chosen !== null) document.documentElement.dataset.theme = chosen;
