// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/named_enum.h"
#include "views/widgets/filter_bar.h"

namespace counterfoil {

/// A filter's menu of states or kinds of which several may be ticked, and the chips of those that are. Values go by their stored names.
class ChoiceMenu : public QObject {
    Q_OBJECT
public:
    /// `key` begins the keys of its chips and must be the bar's only one of this name.
    ChoiceMenu(FilterBar* bar, const QString& key, const QString& title, Icon icon);

    template<NamedEnum E>
    void addAll()
    {
        for (const auto& [value, name] : EnumNames<E>::names) {
            add(QString::fromLatin1(name));
        }
    }
    void add(const QString& name);

    QStringList chosen() const;
    template<NamedEnum E>
    QList<E> chosenOf() const
    {
        QList<E> values;
        for (const QString& name : chosen()) {
            if (const auto value = parseEnum<E>(name)) {
                values << *value;
            }
        }
        return values;
    }
    /// Says nothing to anybody.
    void setChosen(const QStringList& names);
    template<NamedEnum E>
    void setChosenOf(const QList<E>& values)
    {
        QStringList names;
        for (const E value : values) {
            names << toString(value);
        }
        setChosen(names);
    }

    QList<FilterChip> chips() const;
    /// Takes out the choice of a chip, if the chip is one of this menu's.
    void removeChip(const QString& chip);

Q_SIGNALS:
    /// Something was ticked or taken out by a person.
    void changed();

private:
    const QString m_key;
    QMenu* m_menu;
};

} // namespace counterfoil
