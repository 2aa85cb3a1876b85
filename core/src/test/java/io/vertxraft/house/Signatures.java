package io.vertxraft.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at what users of a public type see: supertypes, fields, parameters, results, exceptions.
 */
final class Signatures {
  private Signatures() {}

  static ArchCondition<JavaClass> showNoneOf(DescribedPredicate<JavaClass> hidden) {
    return new ArchCondition<>("show no " + hidden.getDescription() + " in public signatures") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        report(type.getName(), rawTypesOf(supertypesOf(type)), events);
        for (JavaMember member : type.getMembers()) {
          if (isVisible(member)) {
            report(member.getFullName(), rawTypesOf(typesOf(member)), events);
          }
        }
      }

      private void report(String place, Set<JavaClass> shown, ConditionEvents events) {
        for (JavaClass type : shown) {
          if (hidden.test(type)) {
            events.add(SimpleConditionEvent.violated(type, place + " shows " + type.getName()));
          }
        }
      }
    };
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaType> supertypesOf(JavaClass type) {
    return Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
  }

  private static Stream<JavaType> typesOf(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit code = (JavaCodeUnit) member;
    return Stream.of(
            Stream.of(code.getReturnType()),
            code.getParameterTypes().stream(),
            code.getExceptionTypes().stream().map(JavaType.class::cast))
        .flatMap(types -> types);
  }

  private static Set<JavaClass> rawTypesOf(Stream<JavaType> types) {
    return types
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .collect(Collectors.toSet());
  }
}
