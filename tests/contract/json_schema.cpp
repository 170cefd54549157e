// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/json_schema.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>

namespace counterfoil {

namespace {

const QStringList annotations{QStringLiteral("description"), QStringLiteral("format"), QStringLiteral("example"), QStringLiteral("examples")};

bool isOfType(const QJsonValue& value, const QString& type)
{
    if (type == u"integer") {
        return value.isDouble() && value.toInteger(-1) == value.toInteger(0);
    }
    return (type == u"object" && value.isObject()) || (type == u"array" && value.isArray()) || (type == u"string" && value.isString())
           || (type == u"boolean" && value.isBool()) || (type == u"null" && value.isNull()) || (type == u"number" && value.isDouble());
}

QStringList typeNames(const QJsonValue& type)
{
    QStringList names;
    for (const QJsonValue& one : type.isArray() ? type.toArray() : QJsonArray{type}) {
        names << one.toString();
    }
    return names;
}

QString shown(const QJsonValue& value)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact)).mid(1).chopped(1).left(80);
}

bool isLimit(const QString& keyword)
{
    return (keyword.startsWith(u"min") || keyword.startsWith(u"max"))
           && (keyword.endsWith(u"Length") || keyword.endsWith(u"Items") || keyword.endsWith(u"imum"));
}

bool isForObjects(const QString& keyword)
{
    return keyword == u"required" || keyword == u"properties" || keyword == u"additionalProperties";
}

/// A keyword says nothing about a value of a type that it isn't for.
bool isWithin(const QString& keyword, const QJsonValue& value, qint64 limit)
{
    qint64 measured = 0;
    if (keyword.endsWith(u"Length") && value.isString()) {
        measured = value.toString().toUcs4().size();
    } else if (keyword.endsWith(u"Items") && value.isArray()) {
        measured = value.toArray().size();
    } else if (keyword.endsWith(u"imum") && value.isDouble()) {
        measured = value.toInteger();
    } else {
        return true;
    }
    return keyword.startsWith(u"min") ? measured >= limit : measured <= limit;
}

} // namespace

QJsonObject JsonSchema::resolved(QJsonObject schema) const
{
    while (schema.contains(QStringLiteral("$ref"))) {
        QJsonValue target = m_document;
        for (const QString& step : schema.value(QStringLiteral("$ref")).toString().mid(2).split(u'/')) {
            target = target.toObject().value(step);
        }
        schema = target.toObject();
    }
    return schema;
}

QStringList JsonSchema::violations(const QJsonValue& value, const QJsonObject& schema, const QString& path) const
{
    const QJsonObject target = resolved(schema);
    if (target.isEmpty()) {
        return {path + QStringLiteral(": the schema is empty or its $ref points nowhere")};
    }
    QStringList found;
    const QStringList keywords = target.keys();
    for (const QString& keyword : keywords) {
        if (!annotations.contains(keyword)) {
            found += check(keyword, value, target, path);
        }
    }
    return found;
}

QStringList JsonSchema::check(const QString& keyword, const QJsonValue& value, const QJsonObject& schema, const QString& path) const
{
    const QJsonValue rule = schema.value(keyword);
    const auto violated = [&](bool fits) { return fits ? QStringList() : QStringList{path + u' ' + keyword + QStringLiteral(": ") + shown(value)}; };
    if (keyword == u"type") {
        const QStringList types = typeNames(rule);
        return violated(std::ranges::any_of(types, [&](const QString& type) { return isOfType(value, type); }));
    }
    if (keyword == u"enum") {
        return violated(rule.toArray().contains(value));
    }
    if (keyword == u"pattern") {
        const QRegularExpression expression(rule.toString());
        return violated(expression.isValid() && (!value.isString() || expression.match(value.toString()).hasMatch()));
    }
    if (keyword == u"anyOf") {
        const QJsonArray choices = rule.toArray();
        return violated(std::ranges::any_of(choices, [&](const QJsonValue& one) { return violations(value, one.toObject(), path).isEmpty(); }));
    }
    if (isLimit(keyword)) {
        return violated(isWithin(keyword, value, rule.toInteger()));
    }
    if (keyword == u"items") {
        return checkItems(value.toArray(), rule.toObject(), path);
    }
    return value.isObject() || !isForObjects(keyword) ? checkObject(keyword, value.toObject(), schema, path) : QStringList();
}

QStringList JsonSchema::checkItems(const QJsonArray& array, const QJsonObject& schema, const QString& path) const
{
    QStringList found;
    for (qsizetype i = 0; i < array.size(); ++i) {
        found += violations(array.at(i), schema, QStringLiteral("%1[%2]").arg(path).arg(i));
    }
    return found;
}

QStringList JsonSchema::checkObject(const QString& keyword, const QJsonObject& object, const QJsonObject& schema, const QString& path) const
{
    QStringList found;
    const QJsonObject properties = schema.value(QStringLiteral("properties")).toObject();
    if (keyword == u"required") {
        for (const QJsonValue& name : schema.value(keyword).toArray()) {
            if (!object.contains(name.toString())) {
                found << QStringLiteral("%1.%2 is missing").arg(path, name.toString());
            }
        }
    } else if (keyword == u"properties") {
        for (auto it = properties.begin(); it != properties.end(); ++it) {
            if (object.contains(it.key())) {
                found += violations(object.value(it.key()), it->toObject(), path + u'.' + it.key());
            }
        }
    } else if (keyword == u"additionalProperties") {
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (!properties.contains(it.key())) {
                found << QStringLiteral("%1.%2 is not described").arg(path, it.key());
            }
        }
    } else {
        found << QStringLiteral("%1: the keyword %2 is not understood").arg(path, keyword);
    }
    return found;
}

} // namespace counterfoil
