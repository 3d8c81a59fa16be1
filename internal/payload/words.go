package payload

// words1 is the first list of words: what payloads say most, the most frequent
// last. Not one byte of it may ever change, or what is stored could no longer be
// read; TestWordsStay holds it.
const words1 = `"week":[null,[{"start":540,"end":1020}],[{"start":540,"end":1020}],null],"holidays":"england-and-wales"},"manager":"` +
	`{"zone":"Europe/Berlin","week":[null,[{"start":540,"end":1050}],[{"start":` +
	`"name":"New Year's Day"},{"date":"2026-01-01","name":"Good Friday"},{"date":"2027-03-26","name":"Easter Monday"},{"date":"` +
	`"name":"Early May bank holiday"},{"date":"2028-05-01","name":"Spring bank holiday"},{"date":"2028-05-29","name":"Summer bank holiday"},{"date":"` +
	`"name":"Christmas Day"},{"date":"2028-12-25","name":"Boxing Day (substitute day)"},{"date":"` +
	`"calendar":{"from":"2026-","until":"2029-","zones":[{"name":"Europe/London","offsets":[{"from":"2026-10-25T01:00:00Z","seconds":0},{"from":"2027-03-28T01:00:00Z","seconds":3600},{"from":"` +
	`"tiers":["1","2"],"anchor":{"real":"2026-","case":"2026-"},"rehearsal":true,"facts":{"data":["personal","payment","none"],"systems":["` +
	`"],"yearlyCost":"tiers":[{"tier":"2","when":{"data":["` +
	`"playbookDocument":{"digest":"sha256:","size":,"media":"text/plain; charset=utf-8"}},"contract":"sha256:` +
	`"intake":{"digest":"sha256:"media":"application/json"},"stages":["need","contract","live"]` +
	`"deadlines":{"due":"3 working days","remind":["1 working day","2 working days"],"backup":"2 working days","manager":"5 working days","owner":"4 working days"}}],"chores":{"due":"3 working days","remind":["1 working day"]},"hours":` +
	`"policy":{"groups":[{"name":"","rule":"all","rule":"any","need":2,"seats":[{"id":"","role":"","mandatory":true,"veto":true,"scope":["title:","attest":["read-in-full","no-conflict"],"minutes":15},{"id":"` +
	`"}]}],"pairs":[["waivable":true}},{"id":"","process":"contract","stage":"","kind":"decision","kind":"task","kind":"delivery","title":"","ask":"` +
	`{"case":"onboarding/","process":"onboarding/","parent":"onboarding/","vendor":"","requester":"","owner":"","deputy":"","sponsor":"","playbook":"standard","digest":"sha256:` +
	`"comparison":{"changed":["new":["gone":["touched":[{"version":1,"seats":["versions":[{"number":1,"document":"sha256:` +
	`{"requests":[{"request":"onboarding/:.1","policy":{"groups":[{"name":"everybody","rule":"all","seats":[{"id":"` +
	`"}]}]}}],"owner":"","deputy":"","sponsor":"","now":"2026-` +
	`{"benches":[{"request":"onboarding/","benches":[{"seat":"","candidates":[{"person":{"id":"","roles":[""],"manager":"","active":true,"revision":1},"via":"role"},{"person":{"id":"` +
	`"active":true,"revision":1},"via":"backup","for":"` +
	`"via":"role"}]},{"seat":"","candidates":[{"person":{"id":"` +
	`"via":"role"}]}]}],"hours":[{"person":"","hours":{"zone":"Europe/London","week":[null,[{"start":540,"end":1050}],null],"holidays":"` +
	`"manager":""}],"owners":["revision":1}` +
	`"document":"sha256:","reason":"needs-reason","refusal":"closed","refusal":"no-seat","outcome":{"status":"refused","refusal":"missing":["` +
	`"kind":"taken-back","kind":"recused","kind":"unseated","kind":"undelivered","kind":"snoozed","until":"2026-,"kind":"version","version":{"number":` +
	`"kind":"attempt","kind":"withdrawn","kind":"reopened","kind":"jumped","detail":{"anchor":{"real":"2026-` +
	`"written":{"inside":"sha256:","vendor":"sha256:"}"attest":["read-in-full"],"scores":[{"criterion":"documents":["sha256:` +
	`{"entries":[{"id":"onboarding/#1","case":"onboarding/","process":"onboarding/","run":"01a2004f-70d2-7","kind":"process-started","at":"2026-","caseAt":"2026-","detail":{}},{"id":"onboarding/` +
	`"kind":"case-opened","actor":"","detail":{"vendor":"","owner":"","requester":"","sponsor":"","playbook":"standard","digest":"sha256:` +
	`"kind":"document","detail":{"name":"intake","document":"sha256:","size":,"media":"application/json"}},{"id":"detail":{"name":"playbook","document":"sha256:"size":,"media":"text/plain; charset=utf-8"}},{"id":"` +
	`"kind":"tier","detail":{"tier":"2"}},{"id":"","kind":"stage","detail":{"stage":"need"}},{"id":"` +
	`"kind":"request","fact":{"kind":"opened","request":"onboarding/:.1","opened":{"id":"onboarding/","case":"onboarding/","process":"onboarding/","step":"","kind":"decision","title":"","ask":"","options":["ask-again","waive","withdraw"],"requester":"","owner":"","vendor":"","policy":{"groups":[{"` +
	`"opened":"2026-","seatings":[{"seat":"","group":0},{"seat":"","group":0}],"clocks":[{}]}}},{"id":"` +
	`"fact":{"kind":"group-asked","request":"onboarding/","at":"2026-","due":"2026-T17:00:00Z"}},{"id":"` +
	`"kind":"process-ended","detail":{"vendor":"","result":"live"}},{"id":"","kind":"case-closed","detail":{"vendor":"","result":"live"}},{"id":"#21","case":"register","process":"onboarding/` +
	`"detail":{"vendor":"","result":"live","parent":"onboarding/"}}],"copies":[{"request":"onboarding/:.1","state":"met","closed":true,"at":"2026-` +
	`"actor":"","answer":"web-","fact":{"kind":"answered","request":"onboarding/:.1","at":"2026-","seat":"","person":"","answer":"web-","ballot":{"answer":"web-","seat":"","person":"","verdict":"approve","version":1,"at":"2026-","channel":"web"}}}],"copies":[{"request":"onboarding/:.1","state":"open","at":"2026-` +
	`"notices":[{"id":"onboarding//notice/1","case":"onboarding/","person":"","requests":["onboarding/:.1"],"why":"asked","why":"reminder","at":"2026-"},{"id":"onboarding/` +
	`"caseAt":"2026-","fact":{"kind":"closed","request":"onboarding/:.1","at":"2026-","state":"met","why":"decided"}},{"id":"` +
	`"caseAt":"2026-","fact":{"kind":"seated","request":"onboarding/:.1","at":"2026-","seat":"","person":"","holder":{"person":"","via":"role","since":"2026-Z"}}},{"id":"onboarding/` +
	`","run":"","kind":"request","at":"2026-Z","caseAt":"2026-Z","fact":{"kind":"told","request":"onboarding/:.1","at":"2026-Z","seat":"","person":"","why":"asked"}},{"id":"onboarding/` +
	`{"id":"web-","request":"onboarding/:.1","version":1,"verdict":"approve","person":{"id":"","roles":[""],"manager":"","active":true,"revision":1},"channel":"web","at":"2026-` +
	`{"status":"counted","request":"onboarding/:.1","seat":"","verdict":"approve","by":"","at":"2026-Z","state":"open"}`
