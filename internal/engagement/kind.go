package engagement

import "strings"

const (
	kindHead = 700    // bytes in which a document says what it is
	kindBody = 60_000 // bytes in which its words are looked for; more tell nothing new
)

// kindSigns are the words by which a kind of document is known: those that name it
// at its head, and those of its own trade further down.
type kindSigns struct {
	kind  DocumentKind
	names []string
	words []string
}

// ProposeKind proposes what kind of document a text is: by what it calls itself
// at its head, else by the words of its trade. Where neither is clear it is
// KindUnknown.
func ProposeKind(text string) DocumentKind {
	body := " " + strings.ToLower(strings.Join(strings.Fields(plain(head(text, kindBody))), " ")) + " "
	opening := head(body, kindHead)
	named, at := KindUnknown, len(opening)
	for _, s := range kindTable() {
		for _, name := range s.names {
			if i := strings.Index(opening, name); i >= 0 && i < at {
				named, at = s.kind, i
			}
		}
	}
	if named != KindUnknown {
		return named
	}
	const clear = 4 // signs; fewer stand in other contracts too
	best, second := 0, 0
	for _, s := range kindTable() {
		n := 0
		for _, word := range s.words {
			if strings.Contains(body, word) {
				n++
			}
		}
		if n > best {
			named, best, second = s.kind, n, best
		} else {
			second = max(second, n)
		}
	}
	if best < clear || best == second {
		return KindUnknown
	}
	return named
}

func kindTable() []kindSigns {
	return []kindSigns{
		{KindDPA, []string{
			"data processing agreement", "data processing addendum", "data protection agreement", "data protection addendum", "processing of personal data agreement",
			"standard contractual clauses", "auftragsverarbeitung", "auftragsdatenverarbeitung", "accord de traitement des données", "accord sur le traitement des données",
			"contrat de sous-traitance de données", "encargo de tratamiento", "encargado del tratamiento", "tratamiento de datos personales por cuenta",
			"accordo sul trattamento dei dati", "nomina a responsabile del trattamento", "verwerkersovereenkomst", "acordo de tratamento de dados",
			"acordo de processamento de dados", "powierzenia przetwarzania",
		}, []string{"controller", "processor", "subprocessor", "sub-processor", "data subject", "personal data", "article 28", "art. 28", "supervisory authority", "verantwortliche", "auftragsverarbeiter", "betroffene", "personenbezogene"}},
		{KindNDA, []string{
			"non-disclosure agreement", "nondisclosure agreement", "non disclosure agreement", "confidentiality agreement", "confidential disclosure agreement",
			"geheimhaltungsvereinbarung", "vertraulichkeitsvereinbarung", "accord de confidentialité", "acuerdo de confidencialidad", "accordo di riservatezza",
			"geheimhoudingsovereenkomst", "acordo de confidencialidade", "umowa o zachowaniu poufności",
		}, []string{"disclosing party", "receiving party", "confidential information", "need to know", "return or destroy", "offenlegende partei", "empfangende partei", "vertrauliche informationen"}},
		{KindSLA, []string{
			"service level agreement", "service level addendum", "service-level-vereinbarung", "service level vereinbarung", "accord de niveau de service",
			"acuerdo de nivel de servicio", "accordo sul livello di servizio", "acordo de nível de serviço",
		}, []string{"uptime", "response time", "service credit", "availability", "scheduled maintenance", "downtime", "verfügbarkeit", "reaktionszeit"}},
		{KindServices, []string{
			"services agreement", "service agreement", "master agreement", "consulting agreement", "framework agreement", "subscription agreement", "outsourcing agreement",
			"statement of work", "dienstleistungsvertrag", "dienstvertrag", "werkvertrag", "rahmenvertrag", "contrat de prestation", "contrat-cadre", "contrat de services",
			"contrato de servicios", "contrato de prestación", "contratto di servizi", "contratto quadro", "dienstverleningsovereenkomst", "raamovereenkomst",
			"contrato de prestação", "umowa o świadczenie usług",
		}, []string{"statement of work", "fees", "invoice", "indemnif", "limitation of liability", "termination", "deliverables", "governing law", "vergütung", "haftung", "kündigung"}},
		{KindPolicy, []string{
			"privacy policy", "privacy notice", "privacy statement", "security policy", "information security policy", "acceptable use policy", "code of conduct",
			"datenschutzerklärung", "datenschutzhinweise", "sicherheitsrichtlinie", "politique de confidentialité", "política de privacidad", "informativa sulla privacy",
			"privacyverklaring", "política de privacidade", "polityka prywatności",
		}, []string{"we collect", "cookies", "your personal information", "your rights", "how we use", "third parties", "this policy applies", "wir verarbeiten"}},
		{KindStatements, []string{
			"certificate of", "this is to certify", "hereby certifies", "attestation of compliance", "soc 2 type", "report of independent", "zertifikat", "bescheinigung",
			"certificat de", "attestation de", "certificado de", "certificato di", "certyfikat",
		}, []string{"certificate number", "certified", "iso/iec 27001", "valid until", "certification body", "scope of certification", "surveillance audit", "gültig bis"}},
	}
}
