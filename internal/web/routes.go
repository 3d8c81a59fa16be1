package web

import (
	"net/http"
)

// route is one line of the table of everything that is served. A test walks the
// table: a route that it doesn't know fails it.
type route struct {
	pattern string // as http.ServeMux takes it
	do      http.HandlerFunc
}

func (s *server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range s.table() {
		mux.HandleFunc(r.pattern, r.do)
	}
	return mux
}

func (s *server) table() []route {
	routes := []route{
		{"GET /static/", s.serveStatic},
		{"GET /favicon.ico", s.serveStatic},
		{"/", s.page(func(http.ResponseWriter, *http.Request, visitor) error { return missing("page") })},
	}
	routes = append(routes, s.signInRoutes()...)
	routes = append(routes, s.pageRoutes()...)
	routes = append(routes, s.portalRoutes()...)
	routes = append(routes, s.apiRoutes()...)
	routes = append(routes, s.apiVendorRoutes()...)
	routes = append(routes, s.apiOutsideRoutes()...)
	routes = append(routes, s.apiAdoptRoutes()...)
	routes = append(routes, s.apiExitRoutes()...)
	return append(routes, s.apiSteerRoutes()...)
}

// signInRoutes are what somebody who is not signed in can use.
func (s *server) signInRoutes() []route {
	return []route{
		{"GET /signin", s.showSignIn},
		{"POST /signin", s.signIn},
		{"POST /signin/code", s.signInByCode},
		{"POST /signout", s.signOut},
		{"GET /go", s.showTicket},
		{"GET /go/{ticket}", s.showTicket},
		{"POST /go", s.mailCode},
		{"GET /enter/{secret}", s.showLink},
		{"POST /enter/{secret}", s.enterByLink},
	}
}

// pageRoutes are the pages of somebody who is signed in.
func (s *server) pageRoutes() []route {
	return []route{
		{"GET /{$}", s.page(s.showInbox)},
		{"GET /waiting", s.page(s.showMoment)},
		{"POST /waiting", s.page(s.answerMoment)},
		{"GET /request", s.page(s.showRequest)},
		{"GET /request/form", s.page(s.downloadForm)},
		{"POST /request/answer", s.page(s.answerRequest)},
		{"POST /request/check", s.page(s.checkRequest)},
		{"POST /request/act", s.page(s.actOnRequest)},
		{"GET /receipt", s.page(s.showReceipt)},
		{"GET " + intakePath, s.page(s.showIntake)},
		{"POST " + intakePath, s.page(s.takeIntake)},
		{"GET /vendors/{vendor}/exit", s.page(s.showExit)},
		{"POST /vendors/{vendor}/exit", s.page(s.takeExit)},
		{"GET /cases", s.page(s.showCases)},
		{"GET /case", s.page(s.showCase)},
		{"GET /case/part", s.page(s.showExitPart)},
		{"GET /case/certificate", s.page(s.showCertificate)},
		{"POST /case/submit", s.page(s.submitVersion)},
		{"POST /case/contact", s.page(s.actOnContact)},
		{"POST /case/outside", s.page(s.actOnOutsider)},
		{"POST /case/forvendor", s.page(s.fileForVendor)},
		{"POST /case/act", s.page(s.actOnCase)},
		{"POST /case/settle", s.page(s.settleCase)},
		{"POST /case/steer", s.page(s.steerCase)},
		{"GET /case/correct", s.page(s.showCorrection)},
		{"GET /people/replace", s.page(s.showReplace)},
		{"POST /people/replace", s.page(s.replacePeople)},
		{"GET /letters", s.page(s.showLetters)},
		{"POST /letters/again", s.page(s.letterAgain)},
		{"GET /document", s.page(s.showDocument)},
		{"GET /redline", s.page(s.showRedline)},
		{"GET /document/file", s.page(s.downloadDocument)},
		{"GET /dossier", s.page(s.downloadDossier)},
		{"GET /again", s.page(s.showBack)},
		{"GET /me", s.page(s.showMe)},
		{"POST /me/device", s.page(s.endDevice)},
		{"POST /me/token", s.page(s.makeToken)},
		{"POST /me/away", s.page(s.setAway)},
		{"POST /me/revoke", s.page(s.revokeToken)},
		{"POST /me/unlink", s.page(s.unlink)},
		{"GET /pair/{secret}", s.page(s.showPairing)},
		{"POST /pair/{secret}", s.page(s.confirmPairing)},
	}
}
