package iam

import "testing"

func TestOpenFederation(t *testing.T) {
	const (
		github = "token.actions.githubusercontent.com"
		oidc   = "arn:aws:iam::111122223333:oidc-provider/"
	)
	for name, c := range map[string]struct {
		provider, condition string
		want                Verdict
	}{
		"no condition":             {oidc + github, `{}`, Yes},
		"the audience alone":       {oidc + github, `{"StringEquals":{"` + github + `:aud":"sts.amazonaws.com"}}`, Yes},
		"any repository":           {oidc + github, `{"StringLike":{"` + github + `:sub":"repo:*"}}`, Yes},
		"an organisation":          {oidc + github, `{"StringLike":{"` + github + `:sub":"repo:acme/*"}}`, No},
		"owners that begin alike":  {oidc + github, `{"StringLike":{"` + github + `:sub":"repo:acme*/x:*"}}`, Yes},
		"an owner and all else":    {oidc + github, `{"StringLike":{"` + github + `:sub":"repo:acme*"}}`, Yes},
		"an organisation of AWS":   {oidc + github, `{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"}}`, Yes},
		"the subject if there is":  {oidc + github, `{"StringLikeIfExists":{"` + github + `:sub":"repo:acme/x:*"}}`, No},
		"one repository":           {oidc + github, `{"StringEquals":{"` + github + `:sub":"repo:acme/x:ref:refs/heads/main"}}`, No},
		"all but one":              {oidc + github, `{"StringNotEquals":{"` + github + `:sub":"repo:acme/x"}}`, Yes},
		"any pool of Cognito":      {"cognito-identity.amazonaws.com", `{"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}`, Yes},
		"a pool of Cognito":        {"cognito-identity.amazonaws.com", `{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-central-1:x"}}`, No},
		"a repository host of few": {oidc + "api.pulumi.com/oidc", `{"StringEquals":{"api.pulumi.com/oidc:aud":"aws:acme"}}`, No},
		"a team of Vercel":         {oidc + "oidc.vercel.com/acme", `{}`, No},
		"everybody at Vercel":      {oidc + "oidc.vercel.com", `{}`, Yes},
		"a tenant of Entra":        {oidc + "sts.windows.net/00000000-1111-2222-3333-444444444444/", `{}`, No},
		"the tenant of Sentinel":   {oidc + "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d/", `{}`, CannotTell},
		"an unknown provider":      {oidc + "id.example.com", `{}`, CannotTell},
		"its audience":             {oidc + "id.example.com", `{"StringEquals":{"id.example.com:aud":"sts.amazonaws.com"}}`, CannotTell},
		"its subject":              {oidc + "id.example.com", `{"StringEquals":{"id.example.com:sub":"deploy"}}`, No},
		"any subject":              {oidc + "id.example.com", `{"StringLike":{"id.example.com:sub":"*"}}`, CannotTell},
		"a provider of one's own":  {"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/ABC", `{}`, No},
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
