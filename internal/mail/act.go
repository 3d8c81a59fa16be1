package mail

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"gangway/internal/arrivals"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/review"
)

// act does what follows from a mail. All of it goes under ids that follow from the
// mail's, so that doing it again changes nothing.
func (r *Reader) act(ctx context.Context, s *sorted) error {
	var err error
	switch s.row.Kind {
	case arrivals.Bounce:
		err = r.o.Outgoing.Bounced(ctx, *s.bounce)
		if isMissing(err) { // of a mail that we never sent
			s.row.Kind, err = arrivals.Stray, nil
		}
	case arrivals.Away:
		err = r.actAway(ctx, s)
	case arrivals.Decision, arrivals.Delivered:
		err = r.actAnswer(ctx, s)
	case arrivals.Comment:
		err = r.actComment(ctx, s)
	case arrivals.Automatic:
		if s.row.Case != "" && s.person.ID != "" {
			err = r.actComment(ctx, s)
		}
	}
	if err != nil {
		return fmt.Errorf("doing what follows from mail %s: %w", s.row.ID, err)
	}
	return r.told(ctx, s)
}

// actAnswer brings an answer to desk. What desk can't take for good becomes a
// comment.
func (r *Reader) actAnswer(ctx context.Context, s *sorted) error {
	if s.row.Kind == arrivals.Delivered {
		taken, err := r.takeFiles(ctx, s)
		if err != nil {
			return err
		}
		if !taken {
			s.row.Kind, s.answer = arrivals.Comment, nil
			s.why(arrivals.BadDocument)
			return r.actComment(ctx, s)
		}
	}
	out, err := r.o.Desk.Answer(ctx, *s.answer)
	if err != nil && refusedForGood(err) {
		s.row.Kind, s.answer = arrivals.Comment, nil
		s.why(arrivals.NeedsMore)
		return r.actComment(ctx, s)
	}
	if err != nil {
		return err
	}
	s.row.Answer, s.row.Outcome, s.refuse = s.answer.ID, string(out.Status), out.Refusal
	return nil
}

// takeFiles hands what was attached to desk, file by file.
func (r *Reader) takeFiles(ctx context.Context, s *sorted) (all bool, err error) {
	all = true
	for _, f := range s.files {
		reading, err := r.o.Desk.TakeDocument(ctx, s.answer.From, s.request.ID, f.name, f.declared, f.content)
		switch {
		case err != nil && refusedForGood(err):
			reading = engagement.Reading{Fault: engagement.FaultBroken}
		case err != nil:
			return false, err
		case reading.Fault == engagement.FaultUnscanned && r.now().Sub(s.row.Came) < patienceElsewhere:
			return false, errors.New("the scanner of documents did not answer")
		}
		p := outbox.Paper{Name: f.name, Fault: reading.Fault, Flags: reading.Flags}
		if reading.Fault == "" {
			p.Digest = reading.Document
			s.answer.Documents = append(s.answer.Documents, reading.Document)
			if s.wants != "" {
				s.answer.Findings = append(s.answer.Findings, engagement.Finding{Point: s.wants, Document: reading.Document})
			}
		} else {
			all = false
		}
		s.papers = append(s.papers, p)
	}
	return all, nil
}

// actComment records what somebody wrote. It is put into nobody's mouth: the sender
// is named only where somebody vouches for them.
func (r *Reader) actComment(ctx context.Context, s *sorted) error {
	n := review.Note{ID: answerID(s.row.ID), Kind: review.NoteComment, Case: s.row.Case, Request: s.row.Request, Channel: "mail", At: s.row.Came,
		From: review.Address{Channel: "mail"}, Text: review.Text{Inside: clip(s.reply.text)}}
	if s.sure {
		n.From.ID = s.from
	}
	err := r.o.Desk.Note(ctx, n)
	if err != nil && refusedForGood(err) { // the case is gone: the mail itself is kept
		return nil
	}
	if err == nil {
		s.row.Answer = n.ID
	}
	return err
}

// actAway tells each case that waits for the person that they are away, and until
// when where that is plain.
func (r *Reader) actAway(ctx context.Context, s *sorted) error {
	until := awayUntil(s.reply.text, s.row.Came)
	for i, at := range s.until {
		id := answerID(s.row.ID)
		if i > 0 {
			id = fmt.Sprintf("mail-%x", sha256.Sum256([]byte(s.row.ID+"\x00"+at.caseID)))[:45]
		}
		err := r.o.Desk.Note(ctx, review.Note{ID: id, Kind: review.NoteAway, Case: at.caseID, Request: at.request, Person: s.person.ID, Until: until,
			Channel: "mail", At: s.row.Came, From: review.Address{Channel: "mail"}, Text: review.Text{Inside: clip(s.reply.text)}})
		if err != nil && !refusedForGood(err) {
			return err
		}
		if err == nil && s.row.Answer == "" {
			s.row.Answer = id
		}
	}
	return nil
}

// refusedForGood reports whether bringing it again would end the same way.
func refusedForGood(err error) bool {
	var forbidden interface{ Forbidden() bool }
	return final(err) || errors.As(err, &forbidden) && forbidden.Forbidden()
}

// told writes the person on record what became of the mail.
func (r *Reader) told(ctx context.Context, s *sorted) error {
	if !s.tell && s.answer == nil || !s.onRecord {
		return nil
	}
	l := outbox.Letter{Person: s.person.ID, Case: s.row.Case, Of: s.row.ID, Papers: s.papers, At: s.row.Came}
	if s.view != nil {
		l.At = s.view.Now(s.row.Came)
	}
	if s.row.Request != "" {
		l.Requests = []string{s.row.Request}
	}
	switch {
	case len(s.row.Why) > 0:
		l.Why = string(s.row.Why[0])
	case s.row.Outcome == string(review.Refused):
		l.Why, l.Refusal = outbox.WhyRefused, s.refuse
	default:
		l.Why = outbox.WhyReceived
		if s.row.Outcome == string(review.Counted) {
			l.Verdict = s.answer.Verdict
		}
	}
	if _, err := r.o.Outgoing.ReplyToArrival(ctx, l); err != nil {
		return fmt.Errorf("answering mail %s: %w", s.row.ID, err)
	}
	return nil
}
