package iam

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// composition is one case of iam.md section 1.
type composition struct {
	name     string
	policies func(t *testing.T) Policies
	request  Request
	want     Outcome
	flags    []string
}

func (c composition) run(t *testing.T) {
	t.Parallel()
	p := c.policies(t)
	r := c.request
	if r.Action == "" {
		r.Action = "s3:GetObject"
	}
	if r.Resource == "" {
		r.Resource = bucket + "/k"
	}
	if r.ResourceAccount == "" {
		r.ResourceAccount = account1
	}
	got := p.Decide(mustPrepare(t, r))
	if got.Outcome != c.want {
		t.Errorf("got %s, want %s\n%s", got, c.want, p.Explain(mustPrepare(t, r)))
	}
	if diff := cmp.Diff(c.flags, got.Ambiguity.Codes()); diff != "" {
		t.Errorf("ambiguity (-want +got):\n%s", diff)
	}
}

func runAll(t *testing.T, cases []composition) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, c.run)
	}
}

func user() Principal { return Principal{Kind: User, ARN: userARN} }

// resourceOnly gives policies with one resource policy.
func resourceOnly(doc string) func(*testing.T) Policies {
	return func(t *testing.T) Policies { return Policies{Resource: mustParse(t, doc)} }
}

func TestSameAccount(t *testing.T) {
	t.Parallel()
	limited := func(doc string) func(*testing.T) Policies {
		return func(t *testing.T) Policies {
			return Policies{
				Resource: mustParse(t, doc), Boundary: mustParse(t, allowEC2), Session: policies(t, allowEC2),
			}
		}
	}
	runAll(t, []composition{
		{
			name: "identity allows", request: Request{Principal: user()}, want: Allowed,
			policies: func(t *testing.T) Policies { return Policies{Identity: policies(t, allowS3)} },
		},
		{
			name: "nothing allows", request: Request{Principal: user()}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies { return Policies{Identity: policies(t, allowEC2)} },
		},
		{
			name: "identity allows, boundary does not", request: Request{Principal: user()}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowS3), Boundary: mustParse(t, allowEC2)}
			},
		},
		{
			name: "identity allows, session does not", request: Request{Principal: session()}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowS3), Session: policies(t, allowEC2)}
			},
		},
		{name: "resource names the user", request: Request{Principal: user()}, want: Allowed, policies: resourceOnly(naming("Allow", userARN))},
		{name: "resource names the session past implicit denies", request: Request{Principal: session()}, want: Allowed, policies: limited(naming("Allow", sessARN))},
		{name: "resource names everyone past implicit denies", request: Request{Principal: session()}, want: Allowed, policies: limited(allowAnyone)},
		{name: "resource names the user past its boundary", request: Request{Principal: user()}, want: Allowed, policies: limited(naming("Allow", userARN))},
		{name: "resource names the role, limited by boundary and session", request: Request{Principal: session()}, want: ImplicitlyDenied, policies: limited(naming("Allow", roleARN))},
		{name: "resource names the role without limits", request: Request{Principal: session()}, want: Allowed, policies: resourceOnly(naming("Allow", roleARN))},
		{name: "resource names the account: delegation only", request: Request{Principal: user()}, want: ImplicitlyDenied, policies: resourceOnly(naming("Allow", account1))},
		{
			name: "root of own account", request: Request{Principal: mustPrincipal(t, "arn:aws:iam::111122223333:root")}, want: Allowed,
			policies: func(*testing.T) Policies { return Policies{} },
		},
		{
			name: "a deny anywhere beats allows", request: Request{Principal: user()}, want: ExplicitlyDenied,
			policies: func(t *testing.T) Policies { return Policies{Identity: policies(t, allowAll, denyAll)} },
		},
	})
}

func TestRulesThatTripEngines(t *testing.T) {
	t.Parallel()
	notPrincipal := `{"Effect":"Deny","NotPrincipal":{"AWS":["` + userARN + `","arn:aws:iam::111122223333:root"]},"Action":"*","Resource":"*"}`
	federated := Principal{Kind: FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/bob"}
	runAll(t, []composition{
		{
			name: "boundary deny beats direct grant", request: Request{Principal: user()}, want: ExplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Resource: mustParse(t, naming("Allow", userARN)), Boundary: mustParse(t, denyAll)}
			},
		},
		{
			name: "session deny beats direct grant", request: Request{Principal: session()}, want: ExplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Resource: mustParse(t, naming("Allow", sessARN)), Session: policies(t, denyAll)}
			},
		},
		{
			name: "NotPrincipal exempts a listed user", request: Request{Principal: user()}, want: Allowed,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), Resource: mustParse(t, notPrincipal)}
			},
		},
		{
			name: "NotPrincipal denies an entity with a boundary", request: Request{Principal: user()}, want: ExplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), Resource: mustParse(t, notPrincipal), Boundary: mustParse(t, allowAll)}
			},
		},
		{
			name: "NotPrincipal with the account alone", request: Request{Principal: session()}, want: ExplicitlyDenied, flags: []string{"not-principal-partial"},
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), Resource: mustParse(t, notPrincipal)}
			},
		},
		{
			name: "federated user without session policy", request: Request{Principal: federated}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies { return Policies{Identity: policies(t, allowAll)} },
		},
		{
			name: "federated user with session policy", request: Request{Principal: federated}, want: Allowed,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), Session: policies(t, allowS3)}
			},
		},
		{name: "federated user named by the resource", request: Request{Principal: federated}, want: Allowed, policies: resourceOnly(naming("Allow", federated.ARN))},
		{
			name: "GetCallerIdentity despite denies", request: Request{Principal: user(), Action: "sts:GetCallerIdentity", Resource: "*"}, want: Allowed,
			policies: func(t *testing.T) Policies { return Policies{Identity: policies(t, denyAll)} },
		},
		{
			name: "anonymous has no identity side", request: Request{Principal: AnonymousPrincipal()}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies { return Policies{Identity: policies(t, allowAll)} },
		},
		{name: "anonymous by the resource", request: Request{Principal: AnonymousPrincipal()}, want: Allowed, policies: resourceOnly(allowAnyone)},
	})
}

func TestRootAndControlPolicies(t *testing.T) {
	t.Parallel()
	root := mustPrincipal(t, "arn:aws:iam::111122223333:root")
	linked := mustPrincipal(t, "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX")
	denyLevel := func(t *testing.T) [][]*Policy { return [][]*Policy{policies(t, allowAll), policies(t, allowEC2)} }
	runAll(t, []composition{
		{
			name: "root of a member account under SCP", request: Request{Principal: root}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies { return Policies{ServiceControl: denyLevel(t)} },
		},
		{
			name: "root repairs its bucket policy", request: Request{Principal: root, Action: "s3:PutBucketPolicy", Resource: bucket}, want: Allowed,
			policies: resourceOnly(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`),
		},
		{
			name: "root is denied other bucket operations", request: Request{Principal: root}, want: ExplicitlyDenied,
			policies: resourceOnly(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`),
		},
		{
			name: "SCP needs an allow on every level", request: Request{Principal: user()}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), ServiceControl: denyLevel(t)}
			},
		},
		{
			name: "SCP does not reach the management account", request: Request{Principal: user()}, want: Allowed,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), ServiceControl: denyLevel(t), CallerInManagementAccount: true}
			},
		},
		{
			name: "SCP does not reach service-linked roles", request: Request{Principal: linked}, want: Allowed,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), ServiceControl: denyLevel(t)}
			},
		},
		{
			name: "SCP with a specific ARN in Allow", request: Request{Principal: user()}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), ServiceControl: [][]*Policy{policies(t, `{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::other/*"}`)}}
			},
		},
	})
}

func TestControlPoliciesAndEndpoints(t *testing.T) {
	t.Parallel()
	denyAnyone := `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`
	rcp := func(t *testing.T) Policies {
		return Policies{Identity: policies(t, allowAll), ResourceControl: [][]*Policy{policies(t, denyAnyone)}}
	}
	service := PrincipalService("logging.s3.amazonaws.com")
	runAll(t, []composition{
		{name: "RCP denies on S3", request: Request{Principal: user()}, want: ExplicitlyDenied, policies: rcp},
		{name: "RCP does not reach Bedrock", request: Request{Principal: user(), Action: "bedrock:InvokeModel", Resource: "arn:aws:bedrock:us-east-1::foundation-model/a.b-v1:0"}, want: Allowed, policies: rcp},
		{
			name: "RCP without Allow does not deny", request: Request{Principal: user()}, want: Allowed,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), ResourceControl: [][]*Policy{nil}}
			},
		},
		{
			name: "RCP does not reach the management account", request: Request{Principal: user()}, want: Allowed,
			policies: func(t *testing.T) Policies {
				p := rcp(t)
				p.ResourceInManagementAccount = true
				return p
			},
		},
		{
			name: "endpoint policy does not allow", request: Request{Principal: user()}, want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), Endpoint: mustParse(t, `{"Effect":"Allow","Principal":"*","Action":"ec2:*","Resource":"*"}`)}
			},
		},
		{
			name: "endpoint policy allows", request: Request{Principal: user()}, want: Allowed,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), Endpoint: mustParse(t, allowAnyone)}
			},
		},
		{
			name: "endpoint policy names the account", request: Request{Principal: user()}, want: Allowed, flags: []string{"endpoint-account"},
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), Endpoint: mustParse(t, naming("Allow", account1))}
			},
		},
		{
			name: "service principal named", request: Request{Principal: service}, want: Allowed,
			policies: resourceOnly(`{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"*","Resource":"*"}`),
		},
		{
			name: "service principal not named", request: Request{Principal: service}, want: ImplicitlyDenied,
			policies: resourceOnly(`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"*","Resource":"*"}`),
		},
		{
			name: "service wildcard", request: Request{Principal: service}, want: Allowed, flags: []string{"principal-kind-wildcard"},
			policies: resourceOnly(`{"Effect":"Allow","Principal":{"Service":"*"},"Action":"*","Resource":"*"}`),
		},
	})
}

func TestCrossAccount(t *testing.T) {
	t.Parallel()
	other := func(p Principal) Request { return Request{Principal: p, ResourceAccount: account2} }
	both := func(doc string) func(*testing.T) Policies {
		return func(t *testing.T) Policies {
			return Policies{Identity: policies(t, allowAll), Resource: mustParse(t, doc)}
		}
	}
	runAll(t, []composition{
		{name: "both sides", request: other(user()), want: Allowed, policies: both(naming("Allow", userARN))},
		{name: "both sides by account", request: other(user()), want: Allowed, policies: both(naming("Allow", account1))},
		{name: "both sides by role", request: other(session()), want: Allowed, policies: both(naming("Allow", roleARN))},
		{name: "identity only", request: other(user()), want: ImplicitlyDenied, policies: func(t *testing.T) Policies { return Policies{Identity: policies(t, allowAll)} }},
		{name: "resource only", request: other(user()), want: ImplicitlyDenied, policies: resourceOnly(naming("Allow", userARN))},
		{name: "resource names everyone, identity silent", request: other(user()), want: ImplicitlyDenied, policies: resourceOnly(allowAnyone)},
		{name: "resource names another account", request: other(user()), want: ImplicitlyDenied, policies: both(naming("Allow", "999999999999"))},
		{
			name: "boundary limits a direct grant", request: other(user()), want: ImplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: policies(t, allowAll), Resource: mustParse(t, naming("Allow", userARN)), Boundary: mustParse(t, allowEC2)}
			},
		},
		{name: "deny by account", request: other(user()), want: ExplicitlyDenied, policies: both(`[` + naming("Deny", account1) + `,` + allowAnyone + `]`)},
	})
	p := Policies{Resource: mustParse(t, naming("Allow", userARN))}
	got := p.Decide(mustPrepare(t, Request{Principal: user(), Action: "s3:GetObject", Resource: bucket + "/k"}))
	want := Decision{Outcome: Allowed, Ambiguity: ResourceOwner}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bucket without known owner (-want +got):\n%s", diff)
	}
}

func TestStrictResources(t *testing.T) {
	t.Parallel()
	key := "arn:aws:kms:us-east-1:111122223333:key/k"
	role := "arn:aws:iam::111122223333:role/target"
	trust := func(principal string) string {
		return `{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":"sts:AssumeRole"}`
	}
	use := func(action, resource string) Request {
		return Request{Principal: user(), Action: action, Resource: resource}
	}
	with := func(identity, resource string) func(*testing.T) Policies {
		return func(t *testing.T) Policies {
			return Policies{Identity: policies(t, identity), Resource: mustParse(t, resource)}
		}
	}
	runAll(t, []composition{
		{name: "key delegates to the account", request: use("kms:Decrypt", key), want: Allowed, policies: with(allowAll, naming("Allow", account1))},
		{name: "key delegates, identity silent", request: use("kms:Decrypt", key), want: ImplicitlyDenied, policies: with(allowEC2, naming("Allow", account1))},
		{name: "key does not delegate", request: use("kms:Decrypt", key), want: ImplicitlyDenied, policies: with(allowAll, naming("Allow", "arn:aws:iam::111122223333:user/bob"))},
		{name: "key names the user", request: use("kms:Decrypt", key), want: Allowed, policies: with(allowEC2, naming("Allow", userARN))},
		{name: "root without delegation", request: Request{Principal: mustPrincipal(t, "arn:aws:iam::111122223333:root"), Action: "kms:Decrypt", Resource: key}, want: ImplicitlyDenied, policies: with(allowAll, naming("Allow", userARN))},
		{name: "kms action without key", request: use("kms:ListKeys", "*"), want: Allowed, policies: with(allowAll, naming("Allow", userARN))},
		{name: "trust names the user", request: use("sts:AssumeRole", role), want: Allowed, policies: with(allowEC2, trust(userARN))},
		{name: "trust delegates to the account", request: use("sts:AssumeRole", role), want: Allowed, policies: with(allowAll, trust(account1))},
		{name: "trust names another user", request: use("sts:AssumeRole", role), want: ImplicitlyDenied, policies: with(allowAll, trust("arn:aws:iam::111122223333:user/bob"))},
		{
			name: "trust in a provider", request: Request{Principal: Principal{Kind: IdentityProvider, Provider: "accounts.google.com"}, Action: "sts:AssumeRoleWithWebIdentity", Resource: role}, want: Allowed,
			policies: resourceOnly(`{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity"}`),
		},
	})
}

func TestUnknownIsNotGuessed(t *testing.T) {
	t.Parallel()
	ip := `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`
	denyIP := `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`
	open := Request{Principal: user(), Context: NewContext(nil).WithUnknown("aws:SourceIp")}
	identity := func(docs ...string) func(*testing.T) Policies {
		return func(t *testing.T) Policies { return Policies{Identity: policies(t, docs...)} }
	}
	runAll(t, []composition{
		{name: "unknown key in Allow", request: open, want: Undecided, policies: identity(ip)},
		{name: "unknown key in Deny", request: open, want: Undecided, policies: identity(allowAll, denyIP)},
		{name: "unknown key that does not matter", request: open, want: Allowed, policies: identity(allowAll, ip)},
		{name: "unknown key beside a deny", request: open, want: ExplicitlyDenied, policies: identity(ip, denyAll)},
		{
			name: "unreadable value", request: Request{Principal: user(), Context: keys("aws:SourceIp", "203.0.113.5")}, want: Undecided,
			policies: identity(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"office"}}}`),
		},
		{
			name: "unreadable policy", request: open, want: Undecided,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: append(policies(t, allowAll), Unreadable("x", "denied"))}
			},
		},
		{
			name: "unreadable policy under a deny", request: open, want: ExplicitlyDenied,
			policies: func(t *testing.T) Policies {
				return Policies{Identity: append(policies(t, denyAll), Unreadable("x", "denied"))}
			},
		},
		{name: "Principal in an identity policy", request: open, want: Undecided, policies: identity(allowAnyone)},
		{name: "unknown session name", request: Request{Principal: mustPrincipal(t, roleARN)}, want: Undecided, policies: resourceOnly(naming("Allow", sessARN))},
	})
}
