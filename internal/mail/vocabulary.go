package mail

import "gangway/internal/review"

// Phrase is the words by which people of one language give one verdict, as the
// whole first line of a reply: in lower case, without punctuation. The first is
// the one that mails print.
type Phrase struct {
	Language string // a code of ISO 639-1; empty: any, a command
	Verdict  review.Verdict
	Words    []string
}

// Marker stands above the quoted part of each of our mails: a reply ends where it
// stands.
const Marker = "reply above this line"

// Commands begin with this sign; what follows on the line is the reason.
const commandSign = "#"

// Vocabulary is every word that counts, in every mail and every reply. Words that
// mean the same to a person but also something else ("ok", "yes", "fine") are not
// among them: silence and politeness are no decisions.
func Vocabulary() []Phrase {
	return append([]Phrase{
		{"", review.Approve, []string{"#approve", "#approved"}},
		{"", review.Changes, []string{"#changes"}},
		{"", review.Reject, []string{"#reject", "#rejected"}},
		{"", review.Done, []string{"#done"}},
	}, spoken()...)
}

func spoken() []Phrase {
	return []Phrase{
		{"en", review.Approve, []string{"approved", "approve", "i approve", "lgtm", "ok to proceed", "+1"}},
		{"en", review.Changes, []string{"changes wanted", "changes requested", "request changes"}},
		{"en", review.Reject, []string{"rejected", "reject", "i reject"}},
		{"en", review.Done, []string{"done"}},
		{"de", review.Approve, []string{"genehmigt", "freigegeben", "einverstanden", "ich genehmige"}},
		{"de", review.Changes, []string{"änderungen nötig", "änderungen erforderlich", "änderungen gewünscht"}},
		{"de", review.Reject, []string{"abgelehnt", "ich lehne ab"}},
		{"de", review.Done, []string{"erledigt"}},
		{"fr", review.Approve, []string{"approuvé", "j'approuve", "approuvée"}},
		{"fr", review.Changes, []string{"modifications demandées", "modifications nécessaires"}},
		{"fr", review.Reject, []string{"refusé", "rejeté", "je refuse"}},
		{"fr", review.Done, []string{"fait", "c'est fait"}},
		{"es", review.Approve, []string{"aprobado", "apruebo", "aprobada"}},
		{"es", review.Changes, []string{"cambios necesarios", "cambios solicitados"}},
		{"es", review.Reject, []string{"rechazado", "rechazo", "rechazada"}},
		{"es", review.Done, []string{"hecho"}},
		{"pt", review.Approve, []string{"aprovado", "aprovo", "aprovada"}},
		{"pt", review.Changes, []string{"alterações necessárias", "alterações solicitadas"}},
		{"pt", review.Reject, []string{"rejeitado", "rejeito", "rejeitada"}},
		{"pt", review.Done, []string{"feito"}},
		{"nl", review.Approve, []string{"akkoord", "goedgekeurd"}},
		{"nl", review.Changes, []string{"wijzigingen nodig", "wijzigingen gewenst"}},
		{"nl", review.Reject, []string{"afgekeurd", "afgewezen"}},
		{"nl", review.Done, []string{"gedaan", "klaar"}},
		{"it", review.Approve, []string{"approvato", "approvo", "approvata"}},
		{"it", review.Changes, []string{"modifiche necessarie", "modifiche richieste"}},
		{"it", review.Reject, []string{"respinto", "rifiutato", "respinta"}},
		{"it", review.Done, []string{"fatto"}},
		{"pl", review.Approve, []string{"zatwierdzam", "akceptuję", "zatwierdzono"}},
		{"pl", review.Changes, []string{"potrzebne zmiany", "wymagane zmiany"}},
		{"pl", review.Reject, []string{"odrzucam", "odrzucono"}},
		{"pl", review.Done, []string{"zrobione", "gotowe"}},
	}
}
