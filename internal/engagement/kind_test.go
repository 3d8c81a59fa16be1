package engagement

import (
	"strings"
	"testing"
)

func TestProposeKindOfContracts(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]DocumentKind{
		"services-agreement-earlier.md": KindServices, "services-agreement.md": KindServices,
		"cloud-agreement-v2-first.md": KindServices, "cloud-agreement-v2-april.md": KindServices, "cloud-agreement-v2-november.md": KindServices,
		"data-processing-agreement.md": KindDPA, "mutual-nda.md": KindNDA, "service-level-agreement.md": KindSLA,
	} {
		text := string(contract(t, name))
		if got := ProposeKind(text); got != want {
			t.Errorf("%s is taken for %s, want %s", name, got, want)
		}
		// Without its title, by its words alone. An SLA's and a cloud agreement's are
		// those of other contracts too: unknown is right, another kind is not.
		_, rest, _ := strings.Cut(text, "\n")
		if got := ProposeKind(strings.Repeat("Lorem ipsum. ", 100) + rest); got != want && got != KindUnknown {
			t.Errorf("%s without a title is taken for %s", name, got)
		}
	}
}

func TestProposeKind(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]DocumentKind{
		"":             KindUnknown,
		"Dear Sirs, …": KindUnknown,
		"Vertrag zur **Auftrags**verarbeitung nach Art. 28 DSGVO":                KindDPA,
		"DATA PROCESSING\nADDENDUM to the Master Services Agreement":             KindDPA,
		"Services Agreement. Annex 3 is the data processing agreement.":          KindServices,
		"Accord de confidentialité entre":                                        KindNDA,
		"Acme\nPrivacy Policy":                                                   KindPolicy,
		"This is to certify that the management system of Acme meets ISO 27001":  KindStatements,
		"We are sorry that the invoice is late; termination and fees are agreed": KindUnknown,
	} {
		if got := ProposeKind(text); got != want {
			t.Errorf("%.40q is taken for %s, want %s", text, got, want)
		}
	}
	words := strings.Repeat("Lorem ipsum. ", 100) + "The controller and the processor name each subprocessor; a data subject may ask under Article 28."
	if got := ProposeKind(words); got != KindDPA {
		t.Errorf("by its words alone it is taken for %s", got)
	}
}

// Every fault and flag has words of its own for people.
func TestWordsOfReadings(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{ReadingFault("new").Hint(): true, "": true}
	for _, f := range []ReadingFault{FaultEmpty, FaultTooLarge, FaultType, FaultMismatch, FaultMacros, FaultEncrypted, FaultBomb, FaultNested, FaultBroken, FaultMalware, FaultUnscanned} {
		if seen[f.Hint()] {
			t.Errorf("%s has no words of its own", f)
		}
		seen[f.Hint()] = true
	}
	for _, f := range []ReadingFlag{FlagTracked, FlagComments, FlagHidden, FlagUnreadable, FlagPartly, FlagForms} {
		if seen[f.Words()] || f.Words() == string(f) {
			t.Errorf("%s has no words of its own", f)
		}
		seen[f.Words()] = true
	}
	if ReadingFault("").Hint() != "" {
		t.Error("no fault has a hint")
	}
}
