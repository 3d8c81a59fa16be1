package mailtest

import (
	"fmt"
	"strings"
	"time"
)

// tongue is how mail programs in a language introduce what they quote, as they do
// it by default.
type tongue struct {
	days, months string // short, Monday and January first
	// Gmail's and Apple Mail's line; %[1]s day of the week, %[2]d day, %[3]s month,
	// %[4]d year, %[5]s time, %[6]s name, %[7]s address,
	// %[8]s time of twelve hours.
	gmail, apple string
	// Outlook's names of From, Sent, To, Subject.
	outlook [4]string
	forward string // Gmail's line above what is handed on
}

func tongueOf(language string) tongue {
	switch language {
	case "de":
		return tongue{"Mo. Di. Mi. Do. Fr. Sa. So.", "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
			"Am %[1]s, %[2]d. %[3]s %[4]d um %[5]s Uhr schrieb %[6]s <%[7]s>:", "Am %[2]d. %[3]s %[4]d um %[5]s schrieb %[6]s <%[7]s>:",
			[4]string{"Von", "Gesendet", "An", "Betreff"}, "---------- Weitergeleitete Nachricht ---------"}
	case "fr":
		return tongue{"lun. mar. mer. jeu. ven. sam. dim.", "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
			"Le %[1]s %[2]d %[3]s %[4]d à %[5]s, %[6]s <%[7]s> a écrit :", "Le %[2]d %[3]s %[4]d à %[5]s, %[6]s <%[7]s> a écrit :",
			[4]string{"De", "Envoyé", "À", "Objet"}, "---------- Forwarded message ---------"}
	case "es":
		return tongue{"lun mar mié jue vie sáb dom", "ene feb mar abr may jun jul ago sept oct nov dic",
			"El %[1]s, %[2]d %[3]s %[4]d a las %[5]s, %[6]s (<%[7]s>) escribió:", "El %[2]d %[3]s %[4]d, a las %[5]s, %[6]s <%[7]s> escribió:",
			[4]string{"De", "Enviado", "Para", "Asunto"}, "---------- Forwarded message ---------"}
	case "pt":
		return tongue{"seg. ter. qua. qui. sex. sáb. dom.", "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
			"Em %[1]s, %[2]d de %[3]s de %[4]d às %[5]s, %[6]s <%[7]s> escreveu:", "Em %[2]d de %[3]s de %[4]d, à(s) %[5]s, %[6]s <%[7]s> escreveu:",
			[4]string{"De", "Enviado", "Para", "Assunto"}, "---------- Forwarded message ---------"}
	case "nl":
		return tongue{"ma di wo do vr za zo", "jan feb mrt apr mei jun jul aug sep okt nov dec",
			"Op %[1]s %[2]d %[3]s %[4]d om %[5]s schreef %[6]s <%[7]s>:", "Op %[2]d %[3]s %[4]d, om %[5]s heeft %[6]s <%[7]s> het volgende geschreven:",
			[4]string{"Van", "Verzonden", "Aan", "Onderwerp"}, "---------- Forwarded message ---------"}
	case "it":
		return tongue{"lun mar mer gio ven sab dom", "gen feb mar apr mag giu lug ago set ott nov dic",
			"Il giorno %[1]s %[2]d %[3]s %[4]d alle ore %[5]s %[6]s <%[7]s> ha scritto:", "Il giorno %[2]d %[3]s %[4]d, alle ore %[5]s, %[6]s <%[7]s> ha scritto:",
			[4]string{"Da", "Inviato", "A", "Oggetto"}, "---------- Forwarded message ---------"}
	case "pl":
		return tongue{"pon. wt. śr. czw. pt. sob. niedz.", "sty lut mar kwi maj cze lip sie wrz paź lis gru",
			"%[1]s, %[2]d %[3]s %[4]d o %[5]s %[6]s <%[7]s> napisał(a):", "Wiadomość napisana przez %[6]s <%[7]s> w dniu %[2]d %[3]s %[4]d, o godz. %[5]s:",
			[4]string{"Od", "Wysłano", "Do", "Temat"}, "---------- Forwarded message ---------"}
	default:
		return tongue{"Mon Tue Wed Thu Fri Sat Sun", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
			"On %[1]s, %[3]s %[2]d, %[4]d at %[8]s %[6]s <%[7]s> wrote:", "On %[2]d %[3]s %[4]d, at %[5]s, %[6]s <%[7]s> wrote:",
			[4]string{"From", "Sent", "To", "Subject"}, "---------- Forwarded message ---------"}
	}
}

// wrote fills in such a line.
func (w tongue) wrote(line string, at time.Time, name, address string) string {
	return fmt.Sprintf(line, strings.Fields(w.days)[(at.Weekday()+6)%7], at.Day(), strings.Fields(w.months)[at.Month()-1], at.Year(), at.Format("15:04"), name, address, at.Format("3:04\u202fPM"))
}
