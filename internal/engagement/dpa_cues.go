package engagement

// cue is a sign that a clause is about a point: ways to say it, each a handful of
// stems that stand near one another in any order. A stem is the beginning of a
// word; one that ends in a full stop is the whole word. A cue with must is
// one without which the clause is not proposed at all.
type cue struct {
	weight int
	must   bool
	above  bool // the titles of the sections above the clause count as its text
	ways   []string
}

func must(ways ...string) cue              { return cue{weight: 3, must: true, ways: ways} }
func helps(weight int, ways ...string) cue { return cue{weight: weight, ways: ways} }

// cuesOf are the signs of a point: English first, then German and French. They
// are of the words that such agreements use, ours and the Commission's clauses
// (Decision 2021/915) among them.
func cuesOf(point string) []cue {
	if cues := cuesOfDetails(point); cues != nil {
		return cues
	}
	subprocessor := must("subprocess", "sub process", "another processor", "other processor", "subcontract processor",
		"unterauftrag", "subunternehm", "weiter auftragsverarbeit", "sous traitant ultérieur", "autre sous traitant")
	switch point {
	case "gdpr-28-3-a":
		return []cue{must("instruct", "weisung", "instruction"),
			helps(3, "document instruct", "written instruct", "dokumentiert weisung", "instruction documenté"),
			helps(2, "process instruct", "verarbeit weisung", "traite instruction"),
			helps(1, "only", "solely", "unless required", "ausschließlich", "uniquement")}
	case "gdpr-28-3-b":
		return []cue{must("confidential persons", "confidential personnel", "confidential employee", "confidential staff", "confidential authoris person",
			"confidential authoriz person", "secrecy persons", "secrecy employee", "vertraulich person", "vertraulich mitarbeit", "vertraulich beschäftigt",
			"verschwiegen person", "verschwiegen mitarbeit", "confidentialité personnes", "confidentialité personnel", "confidentialité salarié"),
			helps(2, "commit", "statutory obligation", "bound", "verpflicht", "engag")}
	case "gdpr-28-3-c":
		return []cue{must("security measure", "technical organi measure", "security policy", "security of process", "article. 32.", "encrypt", "pseudonymi",
			"technisch organisatorisch maßnahm", "sicherheit verarbeit", "mesure technique organisationnel", "sécurité traitement"),
			helps(3, "technical organi measure", "technisch organisatorisch maßnahm", "mesure technique organisationnel"),
			helps(1, "appropriate", "geeignet", "approprié")}
	case "gdpr-28-3-d":
		return []cue{subprocessor, must("authori", "approv", "consent", "object", "genehmig", "zustimm", "widersprech", "einspruch", "autoris", "oppos"),
			helps(2, "inform change", "notif change", "intended change", "inform änderung", "inform changement"),
			helps(2, "object change", "right object", "widersprech änderung", "einspruch", "oppos changement"),
			helps(1, "prior", "in advance", "vorherig", "préalab")}
	case "gdpr-28-4":
		return []cue{subprocessor, must("same obligation", "obligation impose", "written agreement", "written contract", "liab", "dieselb pflicht", "gleich pflicht",
			"pflicht auferleg", "haft", "mêmes obligation", "responsab"),
			helps(2, "same obligation", "obligation impose", "dieselb pflicht", "mêmes obligation"),
			helps(2, "liab subprocess", "liab perform", "haft", "pleinement responsab")}
	case "gdpr-28-3-e":
		return []cue{must("data subject", "betroffen", "personnes concern", "personne concern"),
			must("assist", "help", "cooperat", "support", "unterstütz", "aide"),
			helps(2, "data subject right", "data subject request", "recht betroffen", "antrag betroffen", "droit personne", "demande personne"),
			helps(1, "respond", "fulfil", "exercis", "erfüll", "beantwort", "répond")}
	case "gdpr-28-3-f":
		return []cue{must("data breach", "breach notif", "security incident notif", "impact assessment", "prior consultation", "verletzung meld", "verletzung schutz",
			"folgenabschätz", "violation donnée", "analyse impact"),
			helps(2, "undue delay", "unverzüglich", "meilleurs délais"), helps(1, "assist", "unterstütz", "aide")}
	case "gdpr-28-3-g":
		return []cue{must("delet", "eras", "destroy", "return", "lösch", "gelösch", "rückgab", "zurückgeb", "zurückgegeb", "supprim", "restitu", "effac"),
			must("delet expir", "delet terminat", "delet after", "delet end.", "return after", "return terminat", "return expir", "return end.", "eras terminat",
				"destroy terminat", "lösch beend", "lösch ablauf", "lösch nach.", "lösch ende.", "gelösch beend", "gelösch nach.", "gelösch ablauf", "supprim terme", "supprim fin.", "restitu terme", "restitu fin.", "effac fin."),
			helps(2, "delet return", "lösch rückgab", "lösch zurückgeb", "gelösch zurückgegeb", "supprim restitu"), helps(1, "personal data", "personenbezogen", "données caractère")}
	case "gdpr-28-3-h":
		return []cue{must("audit", "inspection", "überprüfung", "kontroll"),
			must("demonstrate complian", "allow contribut", "allow audit", "information complian", "audit right", "right audit", "nachweis", "ermöglich", "démontre", "permet audit"),
			helps(2, "demonstrate complian", "nachweis pflicht", "démontre respect"), helps(2, "allow contribut audit", "contribut audit inspection", "permet audit"),
			helps(1, "inspection", "inspektion")}
	case PointEnds:
		return []cue{must("agreement terminat", "agreement expire", "dpa. terminat", "dpa. expire", "continue until", "remain force", "vertrag endet", "laufzeit", "vereinbarung endet",
			"kündig", "contrat fin.", "contrat expire", "durée contrat"),
			helps(3, "start continue", "effective date", "enter force", "beginn endet", "entre vigueur"), helps(1, "until", "bis.", "jusqu")}
	case PointLookAgain:
		return []cue{must("review annual", "review yearly", "review every", "review agreement year", "jährlich überprüf", "jährlich prüf", "revu annuel", "réexamin")}
	}
	return nil
}

// cuesOfDetails are the signs of what the first sentence of Article 28(3) wants;
// they mostly stand together, or point to an annex.
func cuesOfDetails(point string) []cue {
	annex := helps(1, "annex", "appendix", "schedule", "exhibit", "cover page", "anlage", "anhang")
	says := helps(2, "describ", "specif", "set out", "detail", "beschr", "festgelegt", "décri")
	switch point {
	case "gdpr-28-3-subject":
		return []cue{must("subject matter", "gegenstand verarbeit", "gegenstand auftrag", "gegenstand vereinbarung", "objet traitement"), says, annex}
	case "gdpr-28-3-duration":
		return []cue{must("duration process", "term process", "process continue until", "continue until", "dauer verarbeit", "dauer auftrag", "laufzeit", "durée traitement"),
			helps(2, "duration process", "dauer verarbeit", "durée traitement"), says, annex}
	case "gdpr-28-3-purpose":
		return []cue{must("nature. purpose", "purpose process", "art. zweck", "nature. finalité", "finalité traitement"),
			helps(2, "nature. purpose", "art. zweck", "nature. finalité"), says, annex}
	case "gdpr-28-3-data":
		return []cue{must("type personal data", "categor personal data", "kind personal data", "art. personenbezogen", "arten personenbezogen", "kategori personenbezogen",
			"type donnée", "catégorie donnée"), says, annex}
	case "gdpr-28-3-subjects":
		return []cue{must("categor data subject", "types data subject", "kategori betroffen", "catégorie personne"), says, annex}
	case "gdpr-28-3-rights":
		return []cue{must("customer comply", "customer complied", "customer responsib", "customer obligation", "controller comply", "controller responsib", "controller obligation",
			"controller right", "pflicht verantwortlich", "recht verantwortlich", "pflicht auftraggeber", "recht auftraggeber", "obligation responsable", "droit responsable"),
			helps(2, "obligation right controller", "recht pflicht verantwortlich", "recht pflicht auftraggeber", "obligation droit responsable"),
			helps(1, "consent", "lawful", "applicable law", "applicable data protection", "rechtmäßig", "licéité")}
	}
	return nil
}
