// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"
#include "models/base/money.h"

#include <QJsonObject>

#include <initializer_list>

namespace counterfoil {

/// What a JSON text from outside may cost.
struct JsonLimits {
    qsizetype maxBytes = 256 * 1024;
    int maxDepth = 32;
};

/// Parses a JSON object strictly (QJsonDocument alone rounds numbers and forgives): UTF-8 without NUL, bounded size and
/// depth, no repeated key, every integer that is not exact in a double refused, nothing after the end.
/// Errors: TooLarge, InvalidText, MalformedInput.
Result<QJsonObject> parseJsonObject(QByteArrayView bytes, const JsonLimits& limits = {});

/// Reads the fields of one object and refuses those nobody asked for. Every error names the path of the field.
class JsonReader {
public:
    explicit JsonReader(QJsonObject object, QString path = {});

    bool has(const char* field) const;
    /// A single line of text. Errors: MissingField, MalformedInput (another type), InvalidText, TooLarge.
    Result<QString> text(const char* field, int maxLength = 256) const;
    Result<QString> optionalText(const char* field, int maxLength = 256) const;
    /// A whole number; fractions and numbers in exponent form that aren't whole are refused. Errors: MissingField, MalformedInput.
    Result<qint64> integer(const char* field) const;
    /// Minor units as a whole number or as a string of digits. Errors: MissingField, InvalidAmount.
    Result<Money> money(const char* field, Currency currency) const;
    Result<bool> boolean(const char* field, bool fallback) const;
    Result<QJsonObject> object(const char* field) const;
    Result<QJsonArray> array(const char* field) const;

    /// Refuses fields outside the list. Errors: UnknownField, naming the first.
    Result<void> onlyFields(std::initializer_list<const char*> known) const;

    QString pathOf(const char* field) const;

private:
    QJsonObject m_object;
    QString m_path;
};

/// Writes the compact text of an object whose fields are known, many times quicker than QJsonObject is filled. Names are given in ASCII and
/// come in the order of the calls, each once.
class JsonWriter {
public:
    JsonWriter() { open('{'); }
    /// As text: numbers are exact only to 2^53.
    void add(const char* name, qint64 value);
    void add(const char* name, QStringView value);
    /// A list of objects: begin it, put each between beginItem() and end(), end() it.
    void beginList(const char* name);
    void beginItem();
    void end();
    /// Ends the object. Requires that everything else was ended.
    QByteArray finish();

private:
    void open(char bracket);
    void name(const char* name);
    QByteArray m_text;
    QByteArray m_open;
    bool m_isFirst = true;
};

/// Compact UTF-8 text of a JSON object; keys are sorted, so equal objects give equal bytes.
QByteArray toJson(const QJsonObject& object);

} // namespace counterfoil
