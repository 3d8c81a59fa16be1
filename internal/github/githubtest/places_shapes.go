package githubtest

import "strconv"

// node is the other id that GitHub gives to things.
func node(kind string, id int64) string { return kind + "_" + strconv.FormatInt(id, 10) }

// baseOf is below where a thing stands in the API.
func (s *Server) baseOf(t *thing) string {
	if r := s.repositoryByID(t.Repository); r != nil {
		return s.API() + "repos/" + s.o.Organisation + "/" + r.Name
	}
	return s.API() + "orgs/" + s.o.Organisation
}

// loginOf is whose a thing is; nil: nobody's.
func (s *Server) loginOf(t *thing) any {
	if u := s.userByID(t.User); u != nil {
		return u.Login
	}
	return nil
}

func (s *Server) ownerOf(t *thing) any {
	if u := s.userByID(t.User); u != nil {
		return s.simpleUser(u)
	}
	return nil
}

func (s *Server) keyOf(t *thing) map[string]any {
	return map[string]any{"id": t.ID, "key": "ssh-ed25519 AAAA", "url": s.baseOf(t) + "/keys/" + strconv.FormatInt(t.ID, 10), "title": t.Name, "verified": true,
		"created_at": stamp(t.At), "read_only": false, "added_by": s.loginOf(t), "last_used": stamp(t.At), "enabled": true}
}

func (s *Server) hookOf(t *thing) map[string]any {
	base := s.baseOf(t) + "/hooks/" + strconv.FormatInt(t.ID, 10)
	out := map[string]any{"id": t.ID, "url": base, "ping_url": base + "/pings", "name": "web", "type": "Organization", "active": true, "events": []string{"push"},
		"config": map[string]any{"url": t.Name, "content_type": "json"}, "created_at": stamp(t.At), "updated_at": stamp(t.At)}
	if t.Repository != 0 {
		out["type"], out["test_url"] = "Repository", base+"/tests"
		out["last_response"] = map[string]any{"code": nil, "status": "unused", "message": nil}
	}
	return out
}

func (s *Server) appOf(t *thing) map[string]any {
	base := s.API() + "app/installations/" + strconv.FormatInt(t.ID, 10)
	return map[string]any{"id": t.ID, "account": s.simpleUser(&User{ID: 1, Login: s.o.Organisation, Type: "Organization"}), "access_tokens_url": base + "/access_tokens",
		"repositories_url": s.API() + "installation/repositories", "html_url": s.URL() + "/organizations/" + s.o.Organisation + "/settings/installations/" + strconv.FormatInt(t.ID, 10),
		"app_id": t.ID, "target_id": 1, "target_type": "Organization", "permissions": map[string]any{"contents": "read"}, "events": []string{}, "created_at": stamp(t.At),
		"updated_at": stamp(t.At), "single_file_name": nil, "repository_selection": "all", "app_slug": t.Name, "suspended_by": nil, "suspended_at": nil}
}

func (s *Server) tokenOf(t *thing) map[string]any {
	return map[string]any{"id": t.ID, "owner": s.ownerOf(t), "repository_selection": "all", "repositories_url": s.baseOf(t) + "/personal-access-tokens/repositories",
		"permissions": map[string]any{}, "access_granted_at": stamp(t.At), "token_id": t.ID, "token_name": t.Name, "token_expired": false, "token_expires_at": nil,
		"token_last_used_at": nil}
}

func (s *Server) tokenRequestOf(t *thing) map[string]any {
	return map[string]any{"id": t.ID, "reason": nil, "owner": s.ownerOf(t), "repository_selection": "all", "repositories_url": s.baseOf(t) + "/personal-access-token-requests/repositories",
		"permissions": map[string]any{}, "created_at": stamp(t.At), "token_id": t.ID, "token_name": t.Name, "token_expired": false, "token_expires_at": nil, "token_last_used_at": nil}
}

func (s *Server) runnerOf(t *thing) map[string]any {
	return map[string]any{"id": t.ID, "name": t.Name, "os": "linux", "status": "online", "busy": false,
		"labels": []any{map[string]any{"id": 1, "name": "self-hosted", "type": "read-only"}}}
}

func (s *Server) environmentOf(t *thing) map[string]any {
	base := s.baseOf(t) + "/environments/" + t.Name
	rules := []any{}
	if t.Wait > 0 {
		rules = append(rules, map[string]any{"id": t.ID + 1_000_000, "node_id": node("GA", t.ID), "type": "wait_timer", "wait_timer": t.Wait})
	}
	if len(t.Reviewers) > 0 {
		var people []any
		for _, id := range t.Reviewers {
			people = append(people, map[string]any{"type": "User", "reviewer": s.simpleUser(s.userByID(id))})
		}
		rules = append(rules, map[string]any{"id": t.ID + 2_000_000, "node_id": node("GB", t.ID), "type": "required_reviewers", "prevent_self_review": false, "reviewers": people})
	}
	return map[string]any{"id": t.ID, "node_id": node("EN", t.ID), "name": t.Name, "url": base, "html_url": base, "created_at": stamp(t.At), "updated_at": stamp(t.At),
		"protection_rules": rules, "deployment_branch_policy": nil}
}

func (s *Server) credentialOf(t *thing) map[string]any {
	return map[string]any{"login": s.loginOf(t), "credential_id": t.ID, "credential_type": "personal access token", "credential_authorized_at": stamp(t.At),
		"credential_accessed_at": nil, "authorized_credential_id": t.ID, "token_last_eight": "71c3fc11", "scopes": []string{"repo"}}
}

func (s *Server) codespaceOf(t *thing) map[string]any {
	base := s.API() + "user/codespaces/" + t.Name
	return map[string]any{"id": t.ID, "name": t.Name, "environment_id": nil, "owner": s.ownerOf(t), "billable_owner": s.ownerOf(t),
		"repository": s.minimalRepository(s.repositoryByID(t.Repository)), "machine": nil, "prebuild": nil, "created_at": stamp(t.At), "updated_at": stamp(t.At),
		"last_used_at": stamp(t.At), "state": "Available", "url": base, "git_status": map[string]any{"ahead": 0, "behind": 0}, "location": "WestEurope",
		"idle_timeout_minutes": nil, "web_url": base, "machines_url": base + "/machines", "start_url": base + "/start", "stop_url": base + "/stop", "pulls_url": nil,
		"recent_folders": []string{}}
}

func (s *Server) seatOf(t *thing) map[string]any {
	return map[string]any{"created_at": stamp(t.At), "assignee": s.ownerOf(t), "last_activity_at": nil, "plan_type": "business"}
}

func (s *Server) pushOf(t *thing) map[string]any {
	return map[string]any{"id": t.ID, "node_id": node("PSH", t.ID), "before": "0", "after": "1", "ref": "refs/heads/main", "timestamp": stamp(t.At),
		"activity_type": "push", "actor": s.ownerOf(t)}
}
