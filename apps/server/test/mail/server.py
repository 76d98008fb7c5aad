"""A mail server of the tests: prints its port, then each message as a line of JSON."""
import asyncio, json, os, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])
folder = os.path.dirname(os.path.abspath(__file__))


def write(value):
    print(json.dumps(value), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith('nobody@'):
            return '550 5.1.1 No such user here'
        if address.startswith('later@'):
            return '451 4.7.1 Greylisted, try again later'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        write({
            'from': envelope.mail_from,
            'to': envelope.rcpt_tos,
            'content': envelope.content.decode('utf-8', 'surrogateescape'),
            'encrypted': session.ssl is not None,
            'user': session.auth_data,
        })
        return '250 2.0.0 Queued as 42'


def authenticate(server, session, envelope, mechanism, data):
    login, password = data.login.decode(), data.password.decode()
    if [login, password] != options['auth']:
        return AuthResult(success=False, handled=False)
    return AuthResult(success=True, auth_data=login)


def tls_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, 'localhost.crt'), os.path.join(folder, 'localhost.key'))
    return context


def session():
    starttls = options['security'] == 'starttls'
    return SMTP(
        Handler(),
        hostname='mail.test',
        tls_context=tls_context() if starttls else None,
        require_starttls=starttls,
        authenticator=authenticate if options['auth'] else None,
        auth_required=bool(options['auth']),
        auth_require_tls=options['security'] == 'starttls',
    )


async def main():
    loop = asyncio.get_running_loop()
    implicit = tls_context() if options['security'] == 'tls' else None
    server = await loop.create_server(session, '127.0.0.1', 0, ssl=implicit)
    write({'port': server.sockets[0].getsockname()[1]})
    # the test closes its end of the pipe, or is gone
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
