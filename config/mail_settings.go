package config

func mailSettings() []setting {
	all := []setting{
		{Key: "client.name", Kind: kindWord, Sample: "Northgate Trading",
			Text: "Your organisation's name as vendors know it: every mail and page for a vendor's people names it. Without it the domain of `mail.from`."},
		{Key: "client.phone", Kind: "phone number", Sample: `"+44 20 7946 0100"`,
			Text: "The number under which somebody confirms that a mail of gangway is genuine, where the owner of the case has no `phone` in the people file."},
		{Key: "mail.from", Kind: "mail address", Sample: "gangway@example.org",
			Text: "Whom mails come from. Needed for mail; without `mail` nobody is told by mail, and nobody can have a code mailed."},
		{Key: "mail.bounces", Kind: "domain", Sample: "bounces.example.org",
			Text: "The domain of the envelope's sender, bounces+…@domain: what cannot be delivered comes back there. Without it the domain of `from`."},
		{Key: "mail.witness", Kind: "mail address", Sample: "auditor@example.net",
			Text: "Somebody who does not hold the signing key, outside of your organisation best. Every case that is sealed from then on is mailed to them once as its checkpoint: the case's id, how many lines it has, and hashes. With that mail `gangway verify --witness` finds a record that was made anew later and signed again. Without it nobody is mailed one."},
		{Key: "mail.smtp.host", Kind: kindWord, Sample: "smtp.example.org", Text: "The mail server. Mail needs `smtp` or `sendgrid`."},
		{Key: "mail.smtp.port", Kind: kindNumber, Sample: "587", Text: "Its port; without this line 587 for starttls, 465 for implicit, 25 for none."},
		{Key: "mail.smtp.tls", Kind: "starttls, implicit or none", Default: "starttls",
			Text: "`starttls` refuses a server that does not offer it. `none` is for a server on this machine alone."},
		{Key: "mail.smtp.user", Kind: kindWord, Sample: "gangway", Text: "Who signs in there; needs `password` or `oauth`."},
		{Key: "mail.smtp.password", Kind: kindSecret, Sample: "{file: smtp-password}", Text: "The password of `user`."},
	}
	all = append(all, oauthSettings("mail.smtp")...)
	return append(all,
		setting{Key: "mail.sendgrid.key", Kind: kindSecret, Sample: "{env: GANGWAY_SENDGRID_KEY}",
			Text: "Mail leaves through SendGrid instead of `smtp`: an API key that may send mail, and nothing else. Click and open tracking are off in every mail, whatever the account says."},
		setting{Key: "mail.sendgrid.region", Kind: "global or eu", Default: "global",
			Text: "Where SendGrid takes the mail: `eu` for a subuser that is pinned to the EU."},
		setting{Key: "mail.sendgrid.events-key", Kind: "public key", Sample: "MFkwEwYHKoZIzj0CAQYIKoZI…",
			Text: "The verification key of SendGrid's signed event webhook, which is set to `address`/mail/events with delivered, bounce, dropped, spam reports. Without it gangway does not hear what became of a mail that SendGrid took."})
}

// oauthSettings are those of a server that is signed in to by OAuth.
func oauthSettings(server string) []setting {
	return []setting{
		{Key: server + ".oauth.provider", Kind: "google or microsoft", Sample: "microsoft",
			Text: "Signs in as `user` without a password (XOAUTH2 or OAUTHBEARER)."},
		{Key: server + ".oauth.tenant", Kind: kindWord, Sample: "example.onmicrosoft.com", Text: "Microsoft's alone: the tenant's id or domain."},
		{Key: server + ".oauth.client-id", Kind: kindWord, Sample: "00000000-0000-0000-0000-000000000000", Text: "The id of the app that is registered there."},
		{Key: server + ".oauth.client-secret", Kind: kindSecret, Sample: "{file: oauth-client-secret}",
			Text: "Its secret. With Microsoft this is enough, where the app may act for the mailbox (IMAP.AccessAsApp, SMTP.SendAsApp)."},
		{Key: server + ".oauth.refresh-token", Kind: kindSecret, Sample: "{file: oauth-refresh-token}",
			Text: "What a person's consent gave. Google needs it where there is no `service-account`. Microsoft ends it when it was not renewed for 90 days, and gangway keeps no new one: there `client-secret` alone is better."},
		{Key: server + ".oauth.service-account", Kind: kindSecret, Sample: "{file: service-account.json}",
			Text: "Google's alone: the key file of a service account that may act for `user` in the whole domain."},
	}
}

func inboxSettings() []setting {
	all := []setting{
		{Key: "mail.inbox.host", Kind: kindWord, Sample: "imap.example.org",
			Text: "The IMAP server of the mailbox in which answers arrive. Without `inbox` no mail is read: people answer through links."},
		{Key: "mail.inbox.port", Kind: kindNumber, Sample: "993", Text: "Its port; without this line 993 for implicit, 143 for the others."},
		{Key: "mail.inbox.tls", Kind: "implicit, starttls or none", Default: "implicit",
			Text: "`starttls` refuses a server that does not offer it. `none` is for a server on this machine alone."},
		{Key: "mail.inbox.user", Kind: kindWord, Sample: "gangway@example.org", Text: "Who signs in there; needs `password` or `oauth`."},
		{Key: "mail.inbox.password", Kind: kindSecret, Sample: "{file: imap-password}", Text: "The password of `user`."},
		{Key: "mail.inbox.address", Kind: "mail address", Sample: "gangway@example.org",
			Text: "The address whose mail arrives there. Answers go to gangway+TICKET@example.org, so the server must deliver what comes to the address with a plus and more behind it (sub-addressing)."},
		{Key: "mail.inbox.mailbox", Kind: "folder", Default: "INBOX", Text: "The folder that is read. Nothing else may read it: what was read is moved out of it."},
		{Key: "mail.inbox.processed", Kind: "folder", Default: "Processed", Text: "Where mails go that were worked off; made where it is missing."},
		{Key: "mail.inbox.quarantine", Kind: "folder", Default: "Quarantine", Text: "Where mails go that lead to nothing of ours, or can't be read safely; made where it is missing."},
		{Key: "mail.inbox.trust", Kind: "dkim-local, m365-topmost, or trusted-header and a name", Default: "dkim-local",
			Text: "How a sender is known to be real. `dkim-local`: signatures are checked here. `trusted-header mx.example.org`: by the Authentication-Results that this server of yours puts on top. `m365-topmost`: by the one of Microsoft 365."},
	}
	return append(all, oauthSettings("mail.inbox")...)
}

func documentSettings() []setting {
	return []setting{
		{Key: "documents.clamd", Kind: kindPlace, Sample: "127.0.0.1:3310",
			Text: "Where the malware scanner clamd listens. With it no document is taken that was not scanned, also while clamd is away; without it none is scanned."},
		{Key: "documents.pdftotext", Kind: kindPath, Sample: "/usr/bin/pdftotext",
			Text: "The program of poppler that reads PDF; without this line the one that PATH has, else a simpler reader of gangway's own."},
	}
}
