// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/database_url.h"

#include <QUrl>

namespace counterfoil {

Result<DatabaseUrl> DatabaseUrl::parse(const QString& text)
{
    const auto invalid = [&](const QString& why) {
        return fail(ErrorCode::ConfigurationInvalid,
                    QStringLiteral("%1: write sqlite:PATH or postgresql://user@host:port/name").arg(why));
    };
    DatabaseUrl url;
    if (text.startsWith(u"sqlite:")) {
        url.path = text.mid(7);
        if (url.path.isEmpty()) {
            return invalid(QStringLiteral("the database has no path"));
        }
        return url;
    }
    const QUrl parsed(text, QUrl::StrictMode);
    const bool known = parsed.scheme() == u"postgresql" || parsed.scheme() == u"postgres";
    if (!known || !parsed.isValid()) {
        return invalid(QStringLiteral("'%1' is not the address of a database").arg(text.left(80)));
    }
    if (!parsed.password().isEmpty()) {
        return invalid(QStringLiteral("a password doesn't belong into the address (use PGPASSWORD or ~/.pgpass)"));
    }
    url.kind = DatabaseKind::Postgresql;
    url.user = parsed.userName();
    url.host = parsed.host();
    url.port = parsed.port(5432);
    url.name = parsed.path().mid(1);
    url.options = parsed.query(QUrl::FullyDecoded).replace(u'&', u';');
    if (url.host.isEmpty() || url.name.isEmpty()) {
        return invalid(QStringLiteral("host and database name are needed"));
    }
    return url;
}

QString DatabaseUrl::toText() const
{
    if (kind == DatabaseKind::Sqlite) {
        return QStringLiteral("sqlite:") + path;
    }
    const QString who = user.isEmpty() ? QString() : user + u'@';
    return QStringLiteral("postgresql://%1%2:%3/%4").arg(who, host, QString::number(port), name);
}

} // namespace counterfoil
