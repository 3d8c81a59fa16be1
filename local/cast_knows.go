package main

import "gangway/local/demo"

// knows is what the client's people write into the forms of an exit.
func (r *rehearsal) knows() []demo.Known {
	kind, asset := "domain", "payroll.northgate.example"
	if r.place.org.git {
		kind, asset = "repository", vendorOwner+"/"+vendorRepository
	}
	const (
		area    = "How a monthly run is corrected after it was sent"
		plan    = "plan" // the live exit plan, and the one that is carried out
		lessons = "What we learned"
	)
	return []demo.Known{
		{Asked: "What would make us go", Says: "Two late runs within a year, or a price that rises by more than five per cent."},
		{Asked: "Who or what comes instead", Says: "Another payroll bureau; for three months our own finance team."},
		{Asked: "What has to come back", Says: asset}, {Asked: "Where it is and who holds it", Says: "With Brightwell, who runs it."}, {Asked: "What only the vendor would know", Says: area},
		{Asked: "To whom and which address", Says: "Brightwell Payroll Ltd., 4 Mill Lane, Leeds: the address that the contract names."},
		{Asked: "What comes back", Says: asset}, {On: plan, Asked: "Which kind", Says: kind}, {Asked: "What only the vendor knows", Says: area},
		{Asked: "How we see that the new one does the work", Says: "Three runs beside each other, payslip by payslip, without a difference."},
		{Asked: "How we would go back", Says: "Brightwell's system runs on until the point of no return: the next month goes there."},
		{Asked: "The point of no return", Says: "The first run that Calder sends to the bank"},
		{Asked: "How we know that it went well", Says: "Everybody is paid on the day, and the totals of the year agree."}, {On: plan, Asked: "What it costs", Says: "6200"},
		{Asked: "Login at GitHub", Says: vendorLogin}, {Asked: "Whose it is", Says: "Nadia Rahman"}, {Asked: "A key, hook, app or runner", Says: vendorKey},
		{Asked: "Whom you asked for it", Says: "Nadia Rahman, and our own list of who signs in."},
		{Asked: "What they are called", Says: "Nothing more than the plan names."}, {Asked: "Where you looked", Says: "The invoices of a year, our domains, and with those who work with it every day."},
		{Asked: "When and on which machine", Says: "Today, on a machine of ours that the vendor never had."}, {Asked: "How many minutes it took", Says: "25"},
		{Asked: "Who was there", Says: "Nadia Rahman, of Brightwell"}, {Asked: "Who was there", Says: "Maya Lindqvist, of ours"},
		{Asked: "What was shown", Says: "The correction of a run that was sent, from the call to the new payslip."},
		{Asked: "What you did", Says: "Corrected a run for two employees, sent it to the bank's test, and had its receipt."},
		{Asked: "What was compared", Says: "The net pay of all 140 employees."},
		{Asked: "The last invoice", Says: "1550"}, {Asked: "What was paid ahead", Says: "0"}, {Asked: "Deposits and guarantees", Says: "0"}, {Asked: "Credits for what was not delivered", Says: "310"}, {Asked: "Penalties", Says: "0"},
		{Asked: "Where the papers are kept", Says: "With finance, ten years."},
		{On: "Systems that no program", Asked: "Which", Says: "The bank's portal, in which they could prepare a run"}, {Asked: "Names, hooks and programs", Says: "The folder for their imports was removed; nothing is left."},
		{Asked: "When and on which system", Says: "Today, on the test system of payroll."}, {Asked: "What you looked into", Says: "All lines of two employees, and the totals."},
		{On: lessons, Asked: "Would we take them again", Says: "no"}, {On: lessons, Asked: "What we learned about such a vendor", Says: "What was promised came late"},
		{On: lessons, Asked: "What went well", Says: "Whatever they were asked in the session they answered."}, {On: lessons, Asked: "What went wrong", Says: "Two late runs: three days of finance each."},
		{On: lessons, Asked: "What to ask the next one before", Says: "How a run is corrected once it was sent."}, {On: lessons, Asked: "Who was told", Says: "Finance, the bank, and who works here."},
		{On: lessons, Asked: "Why", Says: "The next one holds the same data."},
	}
}

// theyKnow is what the vendor's people write where they are left.
func theyKnow() []demo.Known {
	return []demo.Known{
		{Asked: "The data or where they are fetched", Says: "payroll-2026.txt", File: []byte(payrollData)},
		{Asked: "The signed certificate", Says: "deletion-certificate.txt", File: []byte(deletionCertificate)},
		{Asked: "What there is", Says: "payroll-2026.txt: a line for each employee and month, two lines."},
		{Asked: "What was deleted", Says: "All personal data of your employees, from the first run to the last."}, {Asked: "On which systems", Says: "The payroll server, the archive and the test environment."},
		{Asked: "Who signs for it", Says: "Nadia Rahman, account manager"}, {Asked: "Those whom you brought", Says: "The printing company, on the same day."},
		{Asked: "What the law makes you keep", Says: "Nothing that holds data of yours."},
	}
}
