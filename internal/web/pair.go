package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"gangway/internal/access"
)

// pairPage asks whether an account of the chat is the visitor's. What the chat
// calls its owner anybody can choose there, so the ids stand beside it, and who
// one is here.
type pairPage struct {
	Secret, Address string // empty: the link is no good
	Name            string
	Team, Member    string
	Me, MeID        string
	Done            bool
	Accounts        []accountView
}

// accountView is an account of the chat that is linked to the visitor.
type accountView struct {
	Address      string
	Team, Member string
	How          string
	Since        *instant
	InFile       bool // until an operator takes it out of the people file
}

// showPairing decides nothing: whatever opens links uses none up, and whoever
// confirms has read for whom.
func (s *server) showPairing(w http.ResponseWriter, r *http.Request, me visitor) error {
	secret := r.PathValue("secret")
	p, err := s.pairing(r.Context(), secret)
	if gone(err) || isMissing(err) {
		return s.afterPairing(w, r, me, "")
	}
	if err != nil {
		return fmt.Errorf("asking what a link pairs: %w", err)
	}
	page := pairPage{Secret: secret, Address: p.Address, Name: cut(p.Name), Me: cut(me.Name), MeID: me.ID}
	page.Team, page.Member = chatIDs(p.Address)
	s.show(w, r, &me, http.StatusOK, "pair", "Link your Slack account", page)
	return nil
}

func (s *server) pairing(ctx context.Context, secret string) (access.Pairing, error) {
	if !isSecret(secret) {
		return access.Pairing{}, missing("link")
	}
	return s.desk.Pairing(ctx, secret)
}

// confirmPairing links the account. The form says once more what the page showed
// and to whom: in a browser with two tabs somebody else may be signed in by now.
func (s *server) confirmPairing(w http.ResponseWriter, r *http.Request, me visitor) error {
	secret, address := r.PathValue("secret"), r.PostForm.Get("address")
	if r.PostForm.Get("link") != secret || !isSecret(secret) {
		return badForm("the form is of another link")
	}
	if r.PostForm.Get("as") != me.ID {
		return plainFault{http.StatusConflict, "the page was shown to somebody else than is signed in now", "open the link again and look who you are; nothing was linked"}
	}
	p, err := s.pairing(r.Context(), secret)
	switch {
	case gone(err) || isMissing(err): // by a double click, perhaps
		return s.afterPairing(w, r, me, address)
	case err != nil:
		return fmt.Errorf("asking what a confirmed link pairs: %w", err)
	case p.Address != address:
		return badForm("the form is of another account")
	}
	err = s.desk.ConfirmPairing(r.Context(), me.address(), secret)
	if err != nil && !gone(err) {
		return fmt.Errorf("linking an account: %w", err)
	}
	return s.afterPairing(w, r, me, address)
}

// afterPairing says how it stands now: linked, or that the link is no good.
func (s *server) afterPairing(w http.ResponseWriter, r *http.Request, me visitor, address string) error {
	accounts, err := s.accounts(r.Context(), me)
	if err != nil {
		return err
	}
	page := pairPage{Accounts: accounts, Me: cut(me.Name),
		Done: slices.ContainsFunc(accounts, func(a accountView) bool { return a.Address == address })}
	status, title := http.StatusNotFound, "This link is no longer good"
	if page.Done {
		status, title = http.StatusOK, "Your Slack account is linked"
	}
	s.show(w, r, &me, status, "pair", title, page)
	return nil
}

// accounts are the visitor's accounts of the chat.
func (s *server) accounts(ctx context.Context, me visitor) ([]accountView, error) {
	bindings, err := s.desk.Bindings(ctx, me.address())
	if err != nil {
		return nil, fmt.Errorf("listing linked accounts: %w", err)
	}
	var list []accountView
	for _, b := range bindings {
		v := accountView{Address: b.Address, Since: me.at(b.Made, s.o.Now()), InFile: b.How == access.ByFile}
		v.Team, v.Member = chatIDs(b.Address)
		switch b.How {
		case access.ByFile:
			v.How = "the people file names it"
		case access.ByMail:
			v.How = "it has your mail address"
		default:
			v.How = "you linked it"
		}
		list = append(list, v)
	}
	return list, nil
}

// unlink gives an account up.
func (s *server) unlink(w http.ResponseWriter, r *http.Request, me visitor) error {
	address := r.PostForm.Get("address")
	if address == "" || !isPlain(address) {
		return badForm("the form names no account")
	}
	if err := s.desk.Unbind(r.Context(), me.address(), address); err != nil {
		return fmt.Errorf("unlinking an account: %w", err)
	}
	next := "/me"
	if !s.byMail() { // where nobody has that page
		next = "/"
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// chatIDs are the two ids of an account: of its workspace and of its member.
func chatIDs(address string) (team, member string) {
	team, member, _ = strings.Cut(address, ":")
	return cut(team), cut(member)
}
