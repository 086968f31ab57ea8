package iam

import "testing"

func TestOpenFederation(t *testing.T) {
	const github = "token.actions.githubusercontent.com"
	for name, c := range map[string]struct {
		provider, condition string
		want                Verdict
	}{
		"no condition":            {"arn:aws:iam::111122223333:oidc-provider/" + github, `{}`, Yes},
		"the audience alone":      {"arn:aws:iam::111122223333:oidc-provider/" + github, `{"StringEquals":{"` + github + `:aud":"sts.amazonaws.com"}}`, Yes},
		"any repository":          {"arn:aws:iam::111122223333:oidc-provider/" + github, `{"StringLike":{"` + github + `:sub":"repo:*"}}`, Yes},
		"an organisation":         {"arn:aws:iam::111122223333:oidc-provider/" + github, `{"StringLike":{"` + github + `:sub":"repo:acme/*"}}`, No},
		"one repository":          {"arn:aws:iam::111122223333:oidc-provider/" + github, `{"StringEquals":{"` + github + `:sub":"repo:acme/x:ref:refs/heads/main"}}`, No},
		"all but one":             {"arn:aws:iam::111122223333:oidc-provider/" + github, `{"StringNotEquals":{"` + github + `:sub":"repo:acme/x"}}`, Yes},
		"any pool of Cognito":     {"cognito-identity.amazonaws.com", `{"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}`, Yes},
		"a pool of Cognito":       {"cognito-identity.amazonaws.com", `{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-central-1:x"}}`, No},
		"a provider of one's own": {"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/ABC", `{}`, No},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"` + c.provider +
				`"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":` + c.condition + `}}`))
			if err != nil {
				t.Fatal(err)
			}
			if a := OpenFederation(p); a.Verdict != c.want {
				t.Errorf("got %v, want %v", a, c.want)
			}
		})
	}
}
