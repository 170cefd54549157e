// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/form_encoding.h"

#include "models/base/text.h"

namespace counterfoil {

namespace {

constexpr int readableLengthMax = 1024;

void appendEncoded(QByteArray& out, const QString& text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    const QByteArray utf8 = text.toUtf8();
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '*' || c == '-' || c == '.' || c == '_';
        if (plain) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
}

} // namespace

void FormFields::add(const QString& name, const QString& value)
{
    m_fields.emplaceBack(name, value);
}

void FormFields::addNested(const QString& name, const QString& key, const QString& value)
{
    add(name + u'[' + key + u']', value);
}

void FormFields::addElement(const QString& name, const QString& value)
{
    add(name + QStringLiteral("[]"), value);
}

QByteArray FormFields::encoded() const
{
    QByteArray out;
    for (const auto& [name, value] : m_fields) {
        if (!out.isEmpty()) {
            out += '&';
        }
        appendEncoded(out, name);
        out += '=';
        appendEncoded(out, value);
    }
    return out;
}

QString FormFields::readable() const
{
    QString out;
    for (const auto& [name, value] : m_fields) {
        out += visibleText(name) + u'=' + visibleText(value, readableLengthMax) + u'\n';
    }
    return out;
}

} // namespace counterfoil
