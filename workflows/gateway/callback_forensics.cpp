// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/callback_forensics.h"

#include <algorithm>

namespace counterfoil {

namespace {

constexpr qsizetype guessedBytesMax = 1024 * 1024;
constexpr qsizetype itemsMax = 64;
constexpr qsizetype timestampDigitsMax = 12;
constexpr qsizetype digestDigits = 64;
constexpr int indentWidth = 2;

bool allOf(const QByteArray& text, const char* characters)
{
    return !text.isEmpty() && std::ranges::all_of(text, [characters](char c) { return QByteArrayView(characters).contains(c); });
}

QByteArray headerValue(const QByteArray& pasted)
{
    const QByteArray text = pasted.trimmed();
    const QByteArray name = "stripe-signature:";
    return text.toLower().startsWith(name) ? text.mid(name.size()).trimmed() : text;
}

std::vector<SignatureItem> itemsOf(const QByteArray& header)
{
    std::vector<SignatureItem> items;
    const QList<QByteArray> parts = header.isEmpty() ? QList<QByteArray>() : header.split(',');
    for (const QByteArray& raw : parts.first(std::min(parts.size(), itemsMax))) {
        const QByteArray part = raw.trimmed();
        const qsizetype at = part.indexOf('=');
        SignatureItem item{part.left(std::max<qsizetype>(at, 0)), part.mid(at + 1)};
        if (item.scheme == "t") {
            item.isWellFormed = item.value.size() <= timestampDigitsMax && allOf(item.value, "0123456789");
        } else {
            item.isWellFormed = !item.scheme.isEmpty() && item.value.size() == digestDigits && allOf(item.value, "0123456789abcdefABCDEF");
        }
        items.push_back(item);
    }
    return items;
}

/// Whether the signature is right whatever the time: judged at the moment that the header names.
bool fits(const QByteArray& header, const QByteArray& body, const QByteArray& secret, qint64 timestamp)
{
    return verifyCallback(header, body, std::span(&secret, 1), UtcTime(timestamp * 1'000'000)).has_value();
}

enum class JsonSpace { None, OneBehind, Indented };

/// The same JSON with other space between its parts, nothing else touched; empty for a text that does not look like JSON.
QByteArray respaced(const QByteArray& json, JsonSpace space)
{
    const QByteArray text = json.trimmed();
    if (!text.startsWith('{') && !text.startsWith('[')) {
        return {};
    }
    QByteArray out;
    int depth = 0;
    bool isInString = false;
    const auto breakLine = [&] {
        if (space == JsonSpace::Indented) {
            out += '\n' + QByteArray(std::max(depth, 0) * indentWidth, ' ');
        }
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isInString) {
            out += c;
            if (c == '\\' && i + 1 < text.size()) {
                out += text[++i];
            }
            isInString = c != '"';
        } else if (c == '"') {
            out += c;
            isInString = true;
        } else if (c == '{' || c == '[') {
            out += c;
            ++depth;
            const auto next = std::find_if(text.begin() + i + 1, text.end(), [](char x) { return !QByteArrayView(" \t\r\n").contains(x); });
            if (next == text.end() || (*next != '}' && *next != ']')) {
                breakLine();
            }
        } else if (c == '}' || c == ']') {
            --depth;
            if (!out.endsWith('{') && !out.endsWith('[')) {
                breakLine();
            }
            out += c;
        } else if (c == ',') {
            out += space == JsonSpace::OneBehind ? QByteArray(", ") : QByteArray(",");
            breakLine();
        } else if (c == ':') {
            out += space == JsonSpace::None ? QByteArray(":") : QByteArray(": ");
        } else if (!QByteArrayView(" \t\r\n").contains(c)) {
            out += c;
        }
    }
    return out;
}

struct Variant {
    QByteArray text;
    ForensicGuess changes;
};

void addVariant(std::vector<Variant>& variants, const QByteArray& text, ForensicGuess changes)
{
    if (!text.isEmpty() && std::ranges::none_of(variants, [&text](const Variant& known) { return known.text == text; })) {
        variants.push_back({text, std::move(changes)});
    }
}

std::vector<Variant> bodiesOf(const QByteArray& body)
{
    std::vector<Variant> variants{{body, {}}};
    if (body.size() > guessedBytesMax) {
        return variants;
    }
    using enum ForensicChange;
    const QByteArray unix = QByteArray(body).replace("\r\n", "\n");
    const QByteArray trimmed = body.trimmed();
    addVariant(variants, body + '\n', {LineEndAdded});
    addVariant(variants, body + "\r\n", {LineEndAdded, LfToCrlf});
    addVariant(variants, trimmed, {BodyTrimmed});
    addVariant(variants, unix, {CrlfToLf});
    addVariant(variants, unix.trimmed(), {CrlfToLf, BodyTrimmed});
    addVariant(variants, QByteArray(unix).replace("\n", "\r\n"), {LfToCrlf});
    addVariant(variants, QByteArray(unix.trimmed()).replace("\n", "\r\n"), {LfToCrlf, BodyTrimmed});
    for (const auto& [space, change] : {std::pair{JsonSpace::None, JsonCompact}, {JsonSpace::OneBehind, JsonSpaced}, {JsonSpace::Indented, JsonIndented}}) {
        if (const QByteArray json = respaced(body, space); !json.isEmpty()) {
            addVariant(variants, json, {change});
            addVariant(variants, json + '\n', {change, LineEndAdded});
        }
    }
    if (body.startsWith("\xef\xbb\xbf")) {
        addVariant(variants, body.mid(3), {MarkTakenOff});
    }
    return variants;
}

std::vector<Variant> secretsOf(const QByteArray& secret)
{
    std::vector<Variant> variants{{secret, {}}};
    QByteArray bare = secret.trimmed();
    const bool quoted = bare.size() > 2 && (bare.front() == '"' || bare.front() == '\'') && bare.front() == bare.back();
    bare = quoted ? bare.mid(1, bare.size() - 2).trimmed() : bare;
    using enum ForensicChange;
    addVariant(variants, bare, {SecretTrimmed});
    if (!bare.startsWith("whsec_") && !bare.isEmpty()) {
        addVariant(variants, "whsec_" + bare, bare == secret ? ForensicGuess{SecretWithPrefix} : ForensicGuess{SecretWithPrefix, SecretTrimmed});
    }
    return variants;
}

/// The header, and one in which every scheme but t and v1 is taken for v1.
std::vector<Variant> headersOf(const QByteArray& header, const std::vector<SignatureItem>& items)
{
    std::vector<Variant> variants{{header, {}}};
    QByteArray other;
    for (const SignatureItem& item : items) {
        const bool isTime = item.scheme == "t";
        if (isTime || (item.isWellFormed && item.scheme != "v1")) {
            other += (other.isEmpty() ? "" : ",") + (isTime ? QByteArray("t") : QByteArray("v1")) + '=' + item.value;
        }
    }
    if (other.contains("v1=")) {
        addVariant(variants, other, {ForensicChange::OtherScheme});
    }
    return variants;
}

std::vector<ForensicGuess> guessesFor(const ForensicInput& input, const QByteArray& header, const CallbackForensics& found)
{
    std::vector<ForensicGuess> guesses;
    const std::vector<Variant> bodies = bodiesOf(input.body);
    const std::vector<Variant> headers = headersOf(header, found.items);
    for (const QByteArray& secret : input.secrets) {
        for (const Variant& key : secretsOf(secret)) {
            for (const Variant& body : bodies) {
                for (const Variant& head : headers) {
                    ForensicGuess changes = key.changes;
                    changes.insert(body.changes.begin(), body.changes.end());
                    changes.insert(head.changes.begin(), head.changes.end());
                    if (!changes.empty() && fits(head.text, body.text, key.text, *found.timestamp)) {
                        guesses.push_back(std::move(changes));
                    }
                }
            }
        }
    }
    // The simplest explanation, and others that are as simple.
    const auto fewest = std::ranges::min_element(guesses, {}, &ForensicGuess::size);
    const std::size_t size = fewest == guesses.end() ? 0 : fewest->size();
    std::erase_if(guesses, [size](const ForensicGuess& guess) { return guess.size() > size; });
    std::ranges::sort(guesses);
    const auto repeated = std::ranges::unique(guesses);
    guesses.erase(repeated.begin(), repeated.end());
    return guesses;
}

} // namespace

CallbackForensics examineCallback(const ForensicInput& input)
{
    const QByteArray header = headerValue(input.header);
    CallbackForensics found{.verdict = verifyCallback(header, input.body, input.secrets, input.now, input.tolerance),
                            .items = itemsOf(header),
                            .event = parseCallback(input.body)};
    int timestamps = 0;
    for (const SignatureItem& item : found.items) {
        if (item.scheme == "t") {
            ++timestamps;
            found.timestamp = item.isWellFormed ? std::optional(item.value.toLongLong()) : std::nullopt;
        } else if (item.scheme == "v1") {
            ++found.signatures;
            found.wellFormedSignatures += item.isWellFormed ? 1 : 0;
        }
    }
    found.secrets = static_cast<int>(std::ranges::count_if(input.secrets, [](const QByteArray& secret) { return !secret.isEmpty(); }));
    if (timestamps != 1 || !found.timestamp) {
        found.timestamp.reset();
        return found;
    }
    found.ageSeconds = input.now.seconds() - *found.timestamp;
    found.isInTime = std::abs(*found.ageSeconds) <= input.tolerance.micros() / 1'000'000;
    for (std::size_t i = 0; i < input.secrets.size() && !found.fittingSecret; ++i) {
        if (fits(header, input.body, input.secrets[i], *found.timestamp)) {
            found.fittingSecret = static_cast<int>(i);
        }
    }
    if (!found.fittingSecret) {
        found.guesses = guessesFor(input, header, found);
    }
    return found;
}

} // namespace counterfoil
