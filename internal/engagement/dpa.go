package engagement

// DPAPoints are what a data processing agreement must say by Article 28 of
// Regulation (EU) 2016/679, which the UK GDPR has in the same words, and the two
// dates that whoever keeps it wants to know. The titles and asks are ours; what the
// law says stands in the article that Source names.
func DPAPoints() []Point {
	return []Point{
		{ID: "gdpr-28-3-subject", Source: "Art. 28(3)", Title: "Subject matter of the processing",
			Ask: "What is the processing about: which service of the vendor, for what?"},
		{ID: "gdpr-28-3-duration", Source: "Art. 28(3)", Title: "Duration of the processing",
			Ask: "How long does the vendor process the data?"},
		{ID: "gdpr-28-3-purpose", Source: "Art. 28(3)", Title: "Nature and purpose of the processing",
			Ask: "What is done with the data, and to which end?"},
		{ID: "gdpr-28-3-data", Source: "Art. 28(3)", Title: "Types of personal data",
			Ask: "Which kinds of personal data are processed? An annex that is left empty does not say so."},
		{ID: "gdpr-28-3-subjects", Source: "Art. 28(3)", Title: "Categories of data subjects",
			Ask: "Whose data are processed: customers, staff, applicants?"},
		{ID: "gdpr-28-3-rights", Source: "Art. 28(3)", Title: "Obligations and rights of the controller",
			Ask: "What do we owe, and what may we ask for?"},
		{ID: "gdpr-28-3-a", Source: "Art. 28(3)(a)", Title: "Only on documented instructions",
			Ask: "Does the vendor process the data on our documented instructions only, transfers to third countries included, and tell us where the law makes it do more, or where an instruction breaks the law?"},
		{ID: "gdpr-28-3-b", Source: "Art. 28(3)(b)", Title: "Confidentiality of the people who process",
			Ask: "Have the persons who process the data committed themselves to confidentiality? That the agreement itself is confidential does not say so."},
		{ID: "gdpr-28-3-c", Source: "Art. 28(3)(c), Art. 32", Title: "Security of the processing",
			Ask: "Does the vendor take the technical and organisational measures of Article 32, and are they listed?"},
		{ID: "gdpr-28-3-d", Source: "Art. 28(3)(d), Art. 28(2)", Title: "Sub-processors only with authorisation",
			Ask: "Does the vendor engage another processor only with our authorisation, and in time for us to object to a change?"},
		{ID: "gdpr-28-4", Source: "Art. 28(3)(d), Art. 28(4)", Title: "The same obligations for sub-processors",
			Ask: "Are the same obligations imposed on other processors, and is the vendor liable for what they do?"},
		{ID: "gdpr-28-3-e", Source: "Art. 28(3)(e)", Title: "Help with the rights of data subjects",
			Ask: "Does the vendor help us to answer people who ask for their data, or for their deletion?"},
		{ID: "gdpr-28-3-f", Source: "Art. 28(3)(f), Art. 32 to 36", Title: "Help with breaches and impact assessments",
			Ask: "Does the vendor tell us of breaches without undue delay, and help with impact assessments and consultations?"},
		{ID: "gdpr-28-3-g", Source: "Art. 28(3)(g)", Title: "Deletion or return at the end",
			Ask: "Are the data deleted or returned, as we choose, after the services end?"},
		{ID: "gdpr-28-3-h", Source: "Art. 28(3)(h)", Title: "Information and audits",
			Ask: "Does the vendor give us what shows that it complies, and allow for audits and inspections?"},
		{ID: PointEnds, Title: "When it ends", Dated: true,
			Ask: "The date on which the agreement ends; the place that says so, where it has no date."},
		{ID: PointLookAgain, Title: "When to look at it again", Dated: true, Optional: true,
			Ask: "The date on which we look at it again, whatever its end: a year from now, unless it says otherwise."},
	}
}

// Ids of the dated points.
const (
	PointEnds      = "ends"
	PointLookAgain = "look-again"
)

// Lacking lists the points that an answer found missing and that are not optional,
// in the order of the points. With none the document has all that was looked for.
func Lacking(points []Point, findings []Finding) []Point {
	var lacking []Point
	for _, p := range points {
		found := false
		for _, f := range findings {
			found = found || f.Point == p.ID && !f.Missing
		}
		if !found && !p.Optional {
			lacking = append(lacking, p)
		}
	}
	return lacking
}
